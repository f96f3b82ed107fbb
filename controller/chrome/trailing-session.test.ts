import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readTrailingSession, withoutTrailingSession, withSession } from './trailing-session.ts';

const read = (text: string) => readTrailingSession(Buffer.from(text))?.cdpSessionId ?? null;
const trailing = suite('the session of CDP that a message names');

trailing('is its last key', () => {
  assert.is(read('{"id":1,"result":{},"sessionId":"0A1B"}'), '0A1B');
  assert.is(read('{"method":"A.b","params":{"sessionId":"NO"},"sessionId":"YES"}'), 'YES');
});

for (const [what, text] of [
  ['in a nested object', '{"method":"A.b","params":{"x":1,"sessionId":"NO"}}'],
  ['within a string', String.raw`{"id":1,"result":",\"sessionId\":\"NO\"}"}`],
  ['within a string that ends like one', String.raw`{"result":"x,\"sessionId\":\"NO"}`],
  ['not the last key', '{"sessionId":"NO","id":1}'],
  ['under another name', '{"id":1,"xsessionId":"NO"}'],
  ['longer than any id', `{"id":1,"sessionId":"${'A'.repeat(65)}"}`],
  ['nowhere', '{"id":1}'],
  ['nowhere, in nothing', ''],
  ['nowhere, in almost nothing', '"}'],
] as const) {
  trailing(`is none when it is ${what}`, () => {
    assert.is(read(text), null);
  });
}

trailing('can be taken out and put in', () => {
  const message = Buffer.from('{"id":1,"result":{"ä":"}"},"sessionId":"S1"}');
  const found = readTrailingSession(message);
  assert.ok(found);
  assert.is(withoutTrailingSession(message, found).toString(), '{"id":1,"result":{"ä":"}"}}');
  assert.equal(JSON.parse(withSession(' {"id":1}', 'S1')), { id: 1, sessionId: 'S1' });
});

trailing.run();
