import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HostedChannel } from './channel.ts';
import { createKeepPainting } from './keep-painting.ts';
import { ChromeRefusedError } from './pending-calls.ts';
import type { OwnedSession, SentAs } from './session-owners.ts';

const painting = suite('a page of which a screenshot is taken');

function sessionOn(targetId: string | undefined, ...sent: readonly SentAs[]): OwnedSession {
  const unanswered = new Map(sent.map((sentAs, index) => [index, sentAs]));
  const channel = {} as HostedChannel;
  return { cdpSessionId: 'S', channel, targetId, unanswered, isWaiting: false, hasSpoken: true };
}

function start({ refuses = '' } = {}) {
  const steps: string[] = [];
  let opened = 0;
  const refuseOr = async <T>(what: string, result: T): Promise<T> => {
    steps.push(what);
    if (what.startsWith(refuses) && refuses !== '') throw new ChromeRefusedError('No target with given id');
    return result;
  };
  const keep = createKeepPainting({
    attach: (params) =>
      refuseOr(`attach ${(params as { targetId: string }).targetId}`, { sessionId: `OWN${++opened}` }),
    call: (method, _, cdpSessionId) => refuseOr(`${method} ${cdpSessionId}`, {}),
    closeSession: (cdpSessionId) => void steps.push(`leave ${cdpSessionId}`),
  });
  return { keep, steps };
}
const settled = () => new Promise(setImmediate);

painting('is painted until that is answered', async () => {
  const { keep, steps } = start();
  keep.begin(sessionOn('PAGE'));
  await settled();
  assert.equal(steps, ['attach PAGE', 'Page.startScreencast OWN1']);
  keep.end(sessionOn('PAGE'));
  await settled();
  assert.equal(steps.slice(2), ['leave OWN1']);
});

painting('is left also when the answer is faster', async () => {
  const { keep, steps } = start();
  keep.begin(sessionOn('PAGE'));
  keep.end(sessionOn('PAGE'));
  await settled();
  assert.is(steps.at(-1), 'leave OWN1');
});

painting('is painted once, for as long as any of them is not answered', async () => {
  const { keep, steps } = start();
  for (const _ of [1, 2, 3]) keep.begin(sessionOn('PAGE'));
  keep.begin(sessionOn('OTHER'));
  await settled();
  for (const _ of [1, 2]) keep.end(sessionOn('PAGE'));
  await settled();
  assert.equal(
    steps.filter((step) => !step.startsWith('Page')),
    ['attach PAGE', 'attach OTHER'],
  );
  keep.end(sessionOn('PAGE'));
  keep.begin(sessionOn('PAGE'));
  await settled();
  assert.equal(steps.slice(-3), ['attach PAGE', 'leave OWN1', 'Page.startScreencast OWN3']);
});

painting('is left when the client goes that asked for it', async () => {
  const { keep, steps } = start();
  for (const _ of [1, 2]) keep.begin(sessionOn('PAGE'));
  await settled();
  keep.endAll([sessionOn('PAGE', 'screenshot', 'parsed', 'screenshot'), sessionOn('OTHER', 'targets')]);
  await settled();
  assert.is(steps.at(-1), 'leave OWN1');
});

painting('may be gone, and the browser has none: Chrome tells the client', async () => {
  for (const refuses of ['attach', 'Page.startScreencast']) {
    const { keep, steps } = start({ refuses });
    keep.begin(sessionOn('PAGE'));
    keep.begin(sessionOn(undefined));
    keep.end(sessionOn(undefined));
    await settled();
    keep.end(sessionOn('PAGE'));
    await settled();
    assert.equal(
      steps.filter((step) => step.startsWith('leave')),
      refuses === 'attach' ? [] : ['leave OWN1'],
    );
  }
});

painting.run();
