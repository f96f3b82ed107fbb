import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Json } from '../chrome/connection.ts';
import { CAST_LIMITS } from './limits.ts';
import { OpenDialogs } from './open-dialogs.ts';

/** A Chrome with pages, each in a session of CDP of its own. */
async function setUp() {
  const listeners = new Map<string, (method: string, params: Json) => void>();
  const asked: [method: string, params: object, cdpSessionId: string | undefined][] = [];
  const dialogs = new OpenDialogs({
    async call(method, params = {}, cdpSessionId) {
      asked.push([method, params, cdpSessionId]);
      return { sessionId: 'browser' } as unknown as Json;
    },
    listen: (id, onEvent) => void listeners.set(id, onEvent),
  });
  await dialogs.watch();
  const emit = (cdpSessionId: string, method: string, params: object = {}) =>
    listeners.get(cdpSessionId)?.(method, params as Json);
  const enter = (pageId: string) =>
    emit('browser', 'Target.attachedToTarget', {
      sessionId: `of ${pageId}`,
      targetInfo: { targetId: pageId },
    });
  return { dialogs, emit, enter, asked };
}

const OPENING = { type: 'prompt', message: 'Who?', defaultPrompt: 'me' };
const MESSAGE = { type: 'dialog', kind: 'prompt', text: 'Who?', defaultText: 'me' } as const;

const t = suite('dialogs of pages');

t('are known to who comes later, and answered in the session that was told', async () => {
  const { dialogs, emit, enter, asked } = await setUp();
  for (const pageId of ['A', 'B']) enter(pageId);
  emit('of A', 'Page.javascriptDialogOpening', OPENING);
  assert.equal([dialogs.of('A'), dialogs.of('B')], [MESSAGE, null]);
  await dialogs.answer('B', true, '');
  await dialogs.answer('A', true, 'Ada');
  assert.equal(asked.slice(-1), [
    ['Page.handleJavaScriptDialog', { accept: true, promptText: 'Ada' }, 'of A'],
  ]);
  assert.is(asked.filter(([method]) => method === 'Page.handleJavaScriptDialog').length, 1);
});

t('are told of while they open and close, to who listens for that page', async () => {
  const { dialogs, emit, enter } = await setUp();
  enter('A');
  const told: unknown[] = [];
  const stop = dialogs.listen('A', (dialog) => told.push(dialog));
  dialogs.listen('B', () => assert.unreachable());
  emit('of A', 'Page.javascriptDialogOpening', OPENING);
  emit('of A', 'Page.javascriptDialogClosed');
  stop();
  emit('of A', 'Page.javascriptDialogOpening', OPENING);
  assert.equal(told, [MESSAGE, null]);
});

t('go with their page', async () => {
  const { dialogs, emit, enter } = await setUp();
  enter('A');
  emit('of A', 'Page.javascriptDialogOpening', OPENING);
  emit('browser', 'Target.detachedFromTarget', { sessionId: 'of A' });
  assert.is(dialogs.of('A'), null);
});

t('are cut before they travel', async () => {
  const { dialogs, emit, enter } = await setUp();
  enter('A');
  emit('of A', 'Page.javascriptDialogOpening', { type: 'new kind', message: 'x'.repeat(1_000_000) });
  const { kind, text } = dialogs.of('A') ?? {};
  assert.equal([kind, text?.length], ['alert', CAST_LIMITS.maxTextCharacters]);
});

t.run();
