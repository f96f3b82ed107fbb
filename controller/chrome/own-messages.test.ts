import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HostedChannel } from './channel.ts';
import { createOwnMessages } from './own-messages.ts';
import { createPendingCalls } from './pending-calls.ts';
import { createSessionOwners } from './session-owners.ts';

const messages = suite('what Chrome says to no client');

/** `ROOT` is the session of CDP of a client that is connected. */
function start() {
  const notified: string[] = [];
  const ids: number[] = [];
  const calls = createPendingCalls(
    (message) => ids.push(JSON.parse(message).id),
    () => {},
  );
  const client = {
    lost: (what: string) => notified.push(`the client lost its ${what}`),
  } as unknown as HostedChannel;
  const owners = createSessionOwners();
  owners.add({ cdpSessionId: 'ROOT', channel: client });
  const own = createOwnMessages({
    calls,
    owners,
    ownTargets: {
      visit(targetId) {
        notified.push(`visits ${targetId}`);
        return () => notified.push(`leaves ${targetId}`);
      },
    },
    unanswered: {
      takeError: ({ id, code, bytes }) => notified.push(`error ${id} ${code} ${bytes.length}`),
    },
  });
  const take = (message: object, cdpSessionId?: string) =>
    own.take(Buffer.from(JSON.stringify(message)), cdpSessionId);
  /** Asks, and answers with the id; the outcome goes to `notified`. */
  const ask = (cdpSessionId?: string) => {
    calls.request({ method: 'A.b', cdpSessionId }, (error, result) =>
      notified.push(error?.message ?? JSON.stringify(result)),
    );
    return ids.at(-1);
  };
  return { own, calls, take, ask, notified };
}

messages('answers the call that asked, in the session that was asked', () => {
  const { take, ask, notified } = start();
  const [id, inSession] = [ask(), ask('OWN')];
  take({ id: inSession, result: { n: 2 } }, 'OWN');
  take({ id, result: { n: 1 } });
  assert.equal(notified, ['{"n":2}', '{"n":1}']);
});

messages('goes to who listens to its session, until that is forgotten', () => {
  const { own, take, notified } = start();
  own.listen('OWN', (method, params) => notified.push(`${method} ${JSON.stringify(params)}`));
  take({ method: 'Some.event', params: { n: 1 } }, 'OWN');
  take({ method: 'No.params' }, 'OWN');
  take({ method: 'Of.another' }, 'OTHER');
  own.forgetSession('OWN');
  take({ method: 'Too.late' }, 'OWN');
  assert.equal(notified, ['Some.event {"n":1}', 'No.params {}']);
});

messages(
  'counts what an own session attaches to as visited until it has left, and what is asked there',
  () => {
    const { own, take, ask, notified } = start();
    own.listen('OWN', (method) => notified.push(method));
    const params = { sessionId: 'P', targetInfo: { targetId: 'T' } };
    take({ method: 'Target.attachedToTarget', params }, 'OWN');
    ask('P');
    take({ method: 'Target.detachedFromTarget', params: { sessionId: 'P' } }, 'OWN');
    assert.equal(notified, [
      'visits T',
      'Target.attachedToTarget',
      'leaves T',
      'The session was closed',
      'Target.detachedFromTarget',
    ]);
  },
);

messages('tells a client that its page is gone, and rejects what was asked in an own session', () => {
  const { take, ask, notified } = start();
  ask('OWN');
  take({ method: 'Target.detachedFromTarget', params: { sessionId: 'ROOT' } });
  take({ method: 'Target.detachedFromTarget', params: { sessionId: 'OWN' } });
  assert.equal(notified, ['the client lost its page', 'The session was closed']);
});

messages('may be an error that names nothing, or an id only: it goes on as it came', () => {
  const { take, notified } = start();
  const errors = [
    { error: { code: -32700, message: 'stack limit exceeded' } },
    { id: 5, error: { code: -32600, message: 'unreadable' } },
  ];
  for (const error of errors) take(error);
  const [first, second] = errors.map((error) => JSON.stringify(error).length);
  assert.equal(notified, [`error undefined -32700 ${first}`, `error 5 -32600 ${second}`]);
});

for (const [what, message, cdpSessionId] of [
  ['an answer to a client that left', { id: 5, result: {} }, 'GONE'],
  ['an error for a client that left', { id: 5, error: { message: 'x' } }, 'GONE'],
  ['an answer without a session that nobody asked for', { id: 5, result: {} }, undefined],
  ['an event of the browser that nobody listens to', { method: 'Target.targetCreated' }, undefined],
] as const) {
  messages(`is of no use when it is ${what}`, () => {
    const { take, notified } = start();
    take(message, cdpSessionId);
    assert.equal(notified, []);
  });
}

messages('is not even read when it is large and nobody has asked', () => {
  const { own, ask, notified } = start();
  const large = `{"id":1,"result":"${'x'.repeat(70_000)}"`;
  own.take(Buffer.from(large), undefined);
  const id = ask();
  // Whoever asked gets a large answer as well.
  own.take(Buffer.from(`{"id":${id},"result":{"length":"${'x'.repeat(70_000)}"}}`), undefined);
  assert.is(notified.length, 1);
  assert.ok((notified[0]?.length ?? 0) > 70_000);
});

messages.run();
