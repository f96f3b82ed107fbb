import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HostedChannel } from './channel.ts';
import { createSessionOwners } from './session-owners.ts';

const owners = suite('whose a session of CDP is');
const channel = () => ({}) as HostedChannel;

owners('is forgotten with its channel, and only with that', () => {
  const [sessionOwners, one, two] = [createSessionOwners(), channel(), channel()];
  for (const cdpSessionId of ['A', 'B']) sessionOwners.add({ cdpSessionId, channel: one });
  sessionOwners.add({ cdpSessionId: 'C', channel: two });
  sessionOwners.forget(one);
  assert.equal(
    ['A', 'B', 'C', undefined].map((id) => sessionOwners.get(id)?.channel),
    [undefined, undefined, two, undefined],
  );
});

owners('goes with the session that it is below, however deep', () => {
  const [sessionOwners, one] = [createSessionOwners(), channel()];
  for (const [cdpSessionId, parentId] of [
    ['R', undefined],
    ['A', 'R'],
    ['A1', 'A'],
    ['A11', 'A1'],
    ['B', 'R'],
  ] as const) {
    sessionOwners.add({ cdpSessionId, channel: one, parentId });
  }
  assert.equal(
    sessionOwners.remove('A').map(({ cdpSessionId }) => cdpSessionId),
    ['A', 'A1', 'A11'],
  );
  assert.equal(
    [...sessionOwners.all()].map(({ cdpSessionId }) => cdpSessionId),
    ['R', 'B'],
  );
});

owners('knows within which targets one is', () => {
  const [sessionOwners, one] = [createSessionOwners(), channel()];
  sessionOwners.add({ cdpSessionId: 'R', channel: one });
  sessionOwners.add({ cdpSessionId: 'T', channel: one, parentId: 'R', targetId: 'TAB' });
  sessionOwners.add({ cdpSessionId: 'P', channel: one, parentId: 'T', targetId: 'PAGE' });
  const targetsOf = (cdpSessionId: string) => {
    const session = sessionOwners.get(cdpSessionId);
    return session === undefined ? undefined : sessionOwners.targetsOf(session);
  };
  assert.equal(['P', 'T', 'R'].map(targetsOf), [['PAGE', 'TAB'], ['TAB'], []]);
});

owners.run();
