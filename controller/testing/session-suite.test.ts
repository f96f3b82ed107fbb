import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sessionTests } from './session-suite.ts';

const stoodStill = suite('a test of a session that stands still');

stoodStill('fails at its limit, and what it has opened is closed', async () => {
  let test = async (): Promise<void> => assert.unreachable('it was not declared');
  let isClosed = false;
  const session = sessionTests((_name, declared) => {
    test = declared;
  }, 200);
  session('waits for a call that never comes', async ({ platform }) => {
    try {
      await platform.called('events');
    } finally {
      isClosed = true;
    }
  });
  const error = await test().then(
    () => undefined,
    (fault: Error) => fault,
  );
  assert.match(error?.message ?? '', 'The test stood still for 0.2 s');
  assert.ok(isClosed, 'or the file would never end');
});

stoodStill.run();
