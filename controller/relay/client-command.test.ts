import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readClientCommand, unknownSessionAnswer } from './client-command.ts';

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

commands.run();
