import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CastMessage } from '../../core/domain/cast-messages.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import type { Json } from '../chrome/connection.ts';
import { CastHub, type HubViewer } from './cast-hub.ts';

const turns = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A Chrome with pages whose attachments are answered when the test says so. */
function setUp() {
  const listeners = new Map<string, (method: string, params: Json) => void>();
  const history = { url: 'about:blank' };
  const attachments: { readonly pageId: string; answer(): void }[] = [];
  const open = new Set<string>();
  let sessions = 0;
  const connection = {
    call: (method: string, params: { targetId?: string } = {}): Promise<Json> => {
      if (method === 'Page.getNavigationHistory')
        return Promise.resolve({
          currentIndex: 0,
          entries: [{ title: '', ...history }],
        } as unknown as Json);
      if (method === 'Target.attachToBrowserTarget')
        return Promise.resolve({ sessionId: 'browser' } as unknown as Json);
      if (method !== 'Target.attachToTarget') return Promise.resolve({} as Json);
      const { targetId: pageId = '' } = params;
      return new Promise((resolve) => {
        attachments.push({
          pageId,
          answer() {
            const sessionId = `${pageId}-${++sessions}`;
            open.add(sessionId);
            resolve({ sessionId } as unknown as Json);
          },
        });
      });
    },
    listen: (id: string, onEvent: (method: string, params: Json) => void) => void listeners.set(id, onEvent),
    closeSession: (id: string) => void open.delete(id),
    clientChoosers: { areTaken: () => false },
  };
  const hub = new CastHub({
    connection,
    uploads: { pathOf: () => undefined, discard: async () => undefined },
    clock: createManualClock(),
    onFault: (error) => assert.unreachable(String(error)),
  });
  const tellOf = (method: string, targetId: string, url = 'about:blank') =>
    listeners.get('browser')?.(method, {
      targetId,
      targetInfo: { targetId, type: 'page', title: '', url },
    } as unknown as Json);
  const answerAll = async () => {
    for (const { answer } of attachments.splice(0)) answer();
    await turns();
  };
  const join = async () => {
    const told: CastMessage[] = [];
    const viewer: HubViewer = {
      onlyPageId: null,
      canAct: false,
      tell: (message) => void told.push(message),
      showFrame: () => undefined,
      pageGone: () => undefined,
    };
    await Promise.race([hub.join(viewer), turns()]);
    const shown = () => told.findLast((message) => message.type === 'page')?.page.id;
    const address = () => told.findLast((message) => message.type === 'page')?.page.url;
    return { viewer, shown, address };
  };
  return {
    hub,
    history,
    join,
    answerAll,
    attachments,
    open,
    created: (id: string) => tellOf('Target.targetCreated', id),
    moved: (id: string, url: string) => tellOf('Target.targetInfoChanged', id, url),
    destroyed: (id: string) => tellOf('Target.targetDestroyed', id),
  };
}

const t = suite('those who watch a session');

t('keep the page that is opened for two when one of them leaves before it is', async () => {
  const { hub, join, answerAll, attachments, open, created } = setUp();
  const first = await join();
  created('A');
  const second = await join();
  assert.is(attachments.length, 1);
  hub.leave(first.viewer);
  await answerAll();
  assert.is(second.shown(), 'A');
  assert.equal([...open], ['A-1']);
  hub.leave(second.viewer);
  await turns();
  assert.equal([...open], [], 'nothing is left of it');
});

t('leave nothing behind when all leave before their page is opened', async () => {
  const { hub, join, answerAll, open, created } = setUp();
  const viewers = [await join()];
  created('A');
  viewers.push(await join(), await join());
  for (const { viewer } of viewers) hub.leave(viewer);
  await answerAll();
  assert.equal([...open], []);
  assert.equal(
    viewers.map(({ shown }) => shown()),
    [undefined, undefined, undefined],
  );
});

t('end at the page that they were sent to last, however many are opened meanwhile', async () => {
  const { hub, join, answerAll, open, created } = setUp();
  const { viewer, shown } = await join();
  for (const id of ['A', 'B', 'C']) created(id);
  await answerAll();
  await answerAll();
  assert.is(shown(), 'C');
  hub.take(viewer, { type: 'watch', pageId: 'A' });
  hub.take(viewer, { type: 'watch', pageId: 'B' });
  await answerAll();
  await answerAll();
  assert.is(shown(), 'B');
  assert.is(open.size, 1);
});

t('go elsewhere when the page that is opened for them has gone', async () => {
  const { join, answerAll, open, created, destroyed } = setUp();
  const { shown } = await join();
  created('A');
  await answerAll();
  created('B');
  destroyed('A');
  destroyed('B');
  created('C');
  await answerAll();
  await answerAll();
  assert.is(shown(), 'C');
  assert.is(open.size, 1);
});

t(
  'are shown the next page that is opened when the one that they chose has gone, and there was no other',
  async () => {
    const { hub, join, answerAll, created, destroyed } = setUp();
    const { viewer, shown } = await join();
    for (const id of ['A', 'B']) created(id);
    await answerAll();
    await answerAll();
    hub.take(viewer, { type: 'watch', pageId: 'A' });
    await answerAll();
    destroyed('B');
    destroyed('A');
    created('C');
    await answerAll();
    assert.is(shown(), 'C');
  },
);

t('see where a new window is, although it says for a while that it is nowhere', async () => {
  const { join, answerAll, created, moved, history } = setUp();
  const { address } = await join();
  history.url = '';
  created('A');
  await answerAll();
  moved('A', 'https://a.example/');
  await turns();
  assert.is(address(), 'https://a.example/');
});

t.run();
