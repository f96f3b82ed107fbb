import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readClientCommand } from './client-command.ts';

const words = suite("Chrome's own words");

/** Each answer as Chromium 156 gave it to the same message over its own port. */
const ANSWERS: readonly (readonly [message: string, answer: object])[] = [
  ['', { error: { code: -32700, message: 'JSON: no input at position 0' } }],
  ['nonsense', { error: { code: -32700, message: 'JSON: invalid token at position 0' } }],
  ['{"id":2,', { error: { code: -32700, message: 'JSON: string literal expected at position 8' } }],
  [
    '{"id":1,"method":"Browser.getVersion",}',
    { error: { code: -32700, message: 'JSON: unexpected map end at position 38' } },
  ],
  [
    '{"id":1,"method":"Browser.getVersion"',
    { error: { code: -32700, message: 'JSON: comma or map end expected at position 37' } },
  ],
  [
    '{"id":1,"method":"Browser.getVersion","params":{"a":NaN}}',
    { error: { code: -32700, message: 'JSON: invalid token at position 52' } },
  ],
  [
    '{"id":1,"method":"Browser.getVersion"}\0{"id":2,"method":"Browser.getVersion"}',
    { error: { code: -32700, message: 'JSON: unprocessed input remains at position 38' } },
  ],
  ['[1]', { error: { code: -32600, message: 'Message must be an object' } }],
  ['null', { error: { code: -32600, message: 'Message must be an object' } }],
  ['{}', { error: { code: -32600, message: "Message must have integer 'id' property" } }],
  [
    '{"id":1.5,"method":"A.b"}',
    { error: { code: -32600, message: "Message must have integer 'id' property" } },
  ],
  [
    '{"id":2147483648,"method":"A.b"}',
    { error: { code: -32600, message: "Message must have integer 'id' property" } },
  ],
  [
    '{"id":"5","method":"A.b"}',
    { error: { code: -32600, message: "Message must have integer 'id' property" } },
  ],
  ['{"id":6}', { id: 6, error: { code: -32600, message: "Message must have string 'method' property" } }],
  [
    '{"id":1,"method":""}',
    { id: 1, error: { code: -32600, message: "Message must have string 'method' property" } },
  ],
  [
    '{"id":7,"method":"A.b","params":"x","foo":1}',
    { id: 7, error: { code: -32600, message: "Message may have object 'params' property" } },
  ],
  [
    '{"id":1,"method":"A.b","sessionId":null}',
    { id: 1, error: { code: -32600, message: "Message may have string 'sessionId' property" } },
  ],
  [
    '{"id":8,"method":"A.b","sessionId":5,"extra":2}',
    { id: 8, error: { code: -32600, message: "Message may have string 'sessionId' property" } },
  ],
  [
    '{"id":9,"method":"A.b","extra":1,"sessionId":"DEAD"}',
    {
      id: 9,
      error: {
        code: -32600,
        message: "Message has property other than 'id', 'method', 'sessionId', 'params'",
      },
    },
  ],
];

for (const [message, answer] of ANSWERS) {
  words(`answer ${JSON.stringify(message)}`, () => {
    const command = readClientCommand(Buffer.from(message));
    assert.ok(command.kind === 'invalid');
    assert.equal(JSON.parse(command.answer), answer);
  });
}

for (const message of [
  '{"id":-5,"method":"A.b"}',
  '{"id":1.0,"method":"A.b"}',
  '{"id":1,"method":"A.b","params":null}',
  '{"id":1,"method":"A.b","sessionId":""}',
]) {
  words(`have nothing against ${message}`, () => {
    assert.is(readClientCommand(Buffer.from(message)).kind, 'parsed');
  });
}

words.run();
