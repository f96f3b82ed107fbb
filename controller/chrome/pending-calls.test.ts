import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ChromeGoneError, ChromeRefusedError, createPendingCalls } from './pending-calls.ts';

const calls = suite('the calls that wait for Chrome');

function start() {
  const written: { id: number; method: string; params?: object; sessionId?: string }[] = [];
  const sizes: number[] = [];
  const pending = createPendingCalls(
    (message) => written.push(JSON.parse(message)),
    () => sizes.push(pending.size()),
  );
  const outcomes: unknown[] = [];
  /** Asks, and answers the id that went to Chrome. */
  const ask = (method: string, cdpSessionId?: string): number => {
    pending.request({ method, cdpSessionId }, (error, result) => outcomes.push(error ?? result));
    return written.at(-1)?.id ?? Number.NaN;
  };
  return { pending, written, sizes, outcomes, ask };
}

calls('are written with an id of their own, and with the session of CDP they are for', () => {
  const { pending, written } = start();
  pending.request({ method: 'A.b', params: { c: 1 }, cdpSessionId: 'S1' }, () => {});
  pending.request({ method: 'D.e' }, () => {});
  const [first, second] = written;
  assert.equal({ ...first, id: 0 }, { id: 0, method: 'A.b', params: { c: 1 }, sessionId: 'S1' });
  assert.equal({ ...second, id: 0 }, { id: 0, method: 'D.e' });
  assert.is.not(first?.id, second?.id);
});

calls('have ids that no client may use, and that nobody can guess', () => {
  const [one, other] = [start().ask('A.b'), start().ask('A.b')];
  for (const id of [one, other]) assert.ok(id < 0 && id >= -(2 ** 31), String(id));
  assert.is.not(one, other, 'with a chance of one in a billion that this fails');
});

calls('settle in the turn in which the answer comes, each with its own', () => {
  const { pending, outcomes, ask } = start();
  const [first, second] = [ask('A.b'), ask('C.d')];
  pending.answer(second, { result: { which: 'second' } }, undefined);
  pending.answer(first, {}, undefined);
  assert.equal(outcomes, [{ which: 'second' }, {}]);
  assert.is(pending.size(), 0);
});

calls('are answered once', () => {
  const { pending, outcomes, ask } = start();
  const id = ask('A.b');
  for (const _ of [1, 2]) pending.answer(id, { result: {} }, undefined);
  assert.equal([outcomes, pending.has(id)], [[{}], false]);
});

calls('say what Chrome refused, in its words or without', () => {
  const { pending, outcomes, ask } = start();
  pending.answer(ask('A.b'), { error: { message: 'No target' } }, undefined);
  pending.answer(ask('A.b'), { error: {} }, undefined);
  for (const error of outcomes) assert.instance(error, ChromeRefusedError);
  assert.equal(
    outcomes.map((error) => (error as Error).message),
    ['No target', 'Chrome gave no reason'],
  );
});

calls('are not answered from a session of CDP that was not asked', () => {
  const { pending, outcomes, ask } = start();
  const [id, inSession] = [ask('A.b'), ask('A.b', 'S1')];
  pending.answer(id, { result: {} }, 'S1');
  for (const other of [undefined, 'S2']) pending.answer(inSession, { result: {} }, other);
  assert.equal([outcomes, pending.size()], [[], 2]);
});

calls('of a session that was closed are rejected, and no others', () => {
  const { pending, outcomes, ask } = start();
  ask('A.b', 'S1');
  const kept = ask('A.b', 'S2');
  pending.forgetSession('S1');
  assert.instance(outcomes[0], ChromeRefusedError);
  assert.equal([outcomes.length, pending.has(kept)], [1, true]);
});

calls('are all rejected when Chrome goes, and so is what comes later, unwritten', () => {
  const { pending, written, outcomes, ask } = start();
  ask('A.b');
  ask('A.b', 'S1');
  pending.close();
  ask('Too.late');
  assert.equal([outcomes.length, written.length, pending.size()], [3, 2, 0]);
  for (const error of outcomes) assert.instance(error, ChromeGoneError);
});

calls('tell how many they are whenever that changes', () => {
  const { pending, sizes, ask } = start();
  const id = ask('A.b');
  ask('A.b', 'S1');
  pending.answer(id, {}, undefined);
  pending.forgetSession('S1');
  assert.equal(sizes, [1, 2, 1, 0]);
});

calls.run();
