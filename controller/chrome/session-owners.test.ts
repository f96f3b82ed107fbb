import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HostedChannel } from './channel.ts';
import { createSessionOwners } from './session-owners.ts';

const owners = suite('whose a session of CDP is');
const channel = () => ({}) as HostedChannel;
const event = (method: string, sessionId: string) =>
  Buffer.from(JSON.stringify({ method, params: { sessionId }, sessionId: 'PARENT' }));

owners('is learnt from the events that tell of it', () => {
  const [sessionOwners, one] = [createSessionOwners(), channel()];
  sessionOwners.learnFrom(event('Target.attachedToTarget', 'C1'), one);
  assert.is(sessionOwners.of('C1'), one);
  sessionOwners.learnFrom(event('Target.detachedFromTarget', 'C1'), one);
  assert.is(sessionOwners.of('C1'), undefined);
});

owners('is not learnt from an answer or an event that only speaks of such events', () => {
  const [sessionOwners, one] = [createSessionOwners(), channel()];
  for (const message of [
    { id: 1, result: { method: 'Target.attachedToTarget', params: { sessionId: 'C1' } } },
    { method: 'Target.attachedToTargets', params: { sessionId: 'C1' } },
    { method: 'Target.attachedToTarget', params: {} },
  ]) {
    sessionOwners.learnFrom(Buffer.from(JSON.stringify(message)), one);
  }
  assert.is(sessionOwners.of('C1'), undefined);
});

owners('is forgotten with its channel, and only with that', () => {
  const [sessionOwners, one, two] = [createSessionOwners(), channel(), channel()];
  for (const cdpSessionId of ['A', 'B']) sessionOwners.add(cdpSessionId, one);
  sessionOwners.add('C', two);
  sessionOwners.forget(one);
  assert.equal(['A', 'B', 'C', undefined].map(sessionOwners.of), [undefined, undefined, two, undefined]);
});

owners.run();
