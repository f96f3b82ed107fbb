import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CHROME_WORDS } from './chrome-words.ts';
import {
  type ReadCommand,
  readClientCommand,
  refusedAnswer,
  tooLargeAnswer,
  unknownSessionAnswer,
} from './client-command.ts';

const commands = suite('readClientCommand');
const read = (text: string) => readClientCommand(Buffer.from(text));
const large = (rest: string, filling = 'x') =>
  `{"id":5,"method":"Runtime.evaluate","params":{"expression":"${filling.repeat(100_000)}"}${rest}`;

commands('reads a small command, and writes it anew', () => {
  const command = read(' { "id":1 , "method":"A.b" ,"sessionId":"S" }');
  assert.ok(command.kind === 'parsed');
  assert.equal(
    [command.text, command.cdpSessionId, command.json.method],
    ['{"id":1,"method":"A.b","sessionId":"S"}', 'S', 'A.b'],
  );
});

for (const [what, text, message] of [
  [
    'a key that no message has',
    '{"id":3,"method":"A.b","foo":1}',
    "Message has property other than 'id', 'method', 'sessionId', 'params'",
  ],
  [
    'params that are no object',
    '{"id":3,"method":"A.b","params":[]}',
    "Message may have object 'params' property",
  ],
] as const) {
  commands(`refuses ${what}, for which Chrome's answer would name no session`, () => {
    const command = read(text);
    assert.ok(command.kind === 'invalid');
    assert.equal(JSON.parse(command.answer), { id: 3, error: { code: -32600, message } });
  });
}

commands('writes a key that came twice once', () => {
  const command = read('{"id":1,"method":"A.b","id":2,"method":"C.d","params":{},"params":null}');
  assert.ok(command.kind === 'parsed');
  assert.is(command.text, '{"id":2,"method":"C.d","params":null}');
});

commands('does not parse a large command that ends with its session', () => {
  for (const end of [',"sessionId":"S1"}', ', "sessionId" : "S1" }\n']) {
    const command = read(large(end));
    assert.ok(command.kind === 'large');
    assert.is(command.cdpSessionId, 'S1');
    assert.equal(JSON.parse(unknownSessionAnswer(command)).id, 5);
  }
});

for (const [what, text] of [
  ['names no session', large('}')],
  ['names a session twice', `{"sessionId":"S0",${large(',"sessionId":"S1"}').slice(1)}`],
  ['could close the browser', large(',"method":"Browser.close","sessionId":"S1"}')],
  ['could load a folder', large(',"method":"Extensions.loadUnpacked","sessionId":"S1"}')],
  ['could move downloads', large(',"method":"Browser.setDownloadBehavior","sessionId":"S1"}')],
  ['hides something behind escapes', large(String.raw`,"\u006dethod":"x","sessionId":"S1"}`)],
] as const) {
  commands(`parses a large command that ${what}`, () => {
    assert.is(read(text).kind, 'parsed');
  });
}

commands('refuses a NUL, which would cut a message in two, in a large command too', () => {
  assert.is(read(large(',"sessionId":"S1"}', '\0')).kind, 'invalid');
});

commands('takes an empty session for none', () => {
  const command = read('{"id":1,"method":"A.b","sessionId":""}');
  assert.ok(command.kind === 'parsed');
  assert.equal([command.cdpSessionId, JSON.parse(command.text)], [undefined, { id: 1, method: 'A.b' }]);
});

commands('writes anew what could read differently for Chrome', () => {
  const command = read(String.raw`{"id":1,"method":"A.b","sessionId":"X","\u0073essionId":"Y"}`);
  assert.ok(command.kind === 'parsed');
  assert.equal([command.cdpSessionId, JSON.parse(command.text).sessionId], ['Y', 'Y']);
  assert.not.match(command.text, 'X');
});

commands('answers with the id where there is one', () => {
  const command = read('{"id":3}');
  assert.ok(command.kind === 'invalid');
  assert.equal(JSON.parse(command.answer), {
    id: 3,
    error: { code: -32600, message: "Message must have string 'method' property" },
  });
});

const jsonFault = (message: string) => ({ code: -32700, message: `JSON: ${message}` });

for (const [what, text, error, id] of [
  ['nothing', '', jsonFault('no input at position 0'), undefined],
  ['a text', '"Browser.close"', CHROME_WORDS.notObject, undefined],
  ['null', 'null', CHROME_WORDS.notObject, undefined],
  [
    'two of them',
    '{"id":1,"method":"A.b"}{"id":2,"method":"A.b"}',
    jsonFault('unprocessed input remains at position 23'),
    undefined,
  ],
  [
    'one with a comment',
    '{"id":1,/**/"method":"A.b"}',
    jsonFault('string literal expected at position 8'),
    undefined,
  ],
  ['one with an id in quotes', '{"id":"1","method":"A.b"}', CHROME_WORDS.id, undefined],
  ['one with half an id', '{"id":1.5,"method":"A.b"}', CHROME_WORDS.id, undefined],
  ['one with the id null', '{"id":null,"method":"A.b"}', CHROME_WORDS.id, undefined],
  ['one whose id Chrome would cut', '{"id":2147483648,"method":"A.b"}', CHROME_WORDS.id, undefined],
  ['one whose id is as low', '{"id":-2147483649,"method":"A.b"}', CHROME_WORDS.id, undefined],
  ['one whose method is none', '{"id":4,"method":["A.b"]}', CHROME_WORDS.method, 4],
  ['one whose params are text', '{"id":4,"method":"A.b","params":"{}"}', CHROME_WORDS.params, 4],
  ['one whose session is null', '{"id":4,"method":"A.b","sessionId":null}', CHROME_WORDS.sessionId, 4],
  ['one with a prototype', '{"id":4,"method":"A.b","__proto__":{}}', CHROME_WORDS.strangeKey, 4],
  ['one with a key in other letters', '{"id":4,"method":"A.b","Params":{}}', CHROME_WORDS.strangeKey, 4],
] as const) {
  commands(`refuses ${what}, with the id if there is one`, () => {
    const command = read(text);
    assert.ok(command.kind === 'invalid');
    assert.equal(JSON.parse(command.answer), {
      ...(id === undefined ? {} : { id }),
      error,
    });
  });
}

commands('does not repeat a long key that it refuses', () => {
  const command = read(`{"id":1,"method":"A.b","${'k'.repeat(50_000)}":1}`);
  assert.ok(command.kind === 'invalid' && command.answer.length < 200);
});

for (const id of [0, -1, 2_147_483_647, -2_147_483_648]) {
  commands(`takes the id ${id}, as Chrome does`, () => {
    const command = read(`{"id":${id},"method":"A.b"}`);
    assert.ok(command.kind === 'parsed' && command.json.id === id);
  });
}

commands('takes params that are null for none, as Chrome does', () => {
  assert.is(read('{"id":1,"method":"A.b","params":null}').kind, 'parsed');
});

for (const [what, answer, code] of [
  ['is not the client’s', unknownSessionAnswer, -32001],
  ['is too large', tooLargeAnswer, -32600],
  ['is not permitted', (command: ReadCommand) => refusedAnswer(command, CHROME_WORDS.viewOnly), -32000],
] as const) {
  commands(`answers one that ${what} with its id, small and large`, () => {
    for (const [text, id] of [
      ['{"id":9,"method":"A.b"}', 9],
      [large(',"sessionId":"S1"}'), 5],
    ] as const) {
      const command = read(text);
      assert.ok(command.kind !== 'invalid');
      const answered = JSON.parse(answer(command));
      assert.equal([answered.id, answered.error.code], [id, code]);
    }
  });
}

commands.run();
