import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CastMessage } from '../../core/domain/cast-messages.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { ChromeRefusedError, type Json } from '../chrome/connection.ts';
import { CAST_LIMITS } from './limits.ts';
import type { DialogMessage } from './open-dialogs.ts';
import { PageCast } from './page-cast.ts';

const HISTORY = { currentIndex: 0, entries: [{ id: 1, title: 'a title', url: 'https://site.example/' }] };
const turns = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A page that answers what it is let to answer. */
async function setUp() {
  const clock = createManualClock();
  const asked: string[] = [];
  const silent = new Set<string>();
  const refused = new Map<string, string>();
  const late: (() => void)[] = [];
  let emit: (method: string, params: Json) => void = () => undefined;
  const answers: Record<string, object> = {
    'Target.attachToTarget': { sessionId: 's' },
    'Page.getNavigationHistory': HISTORY,
    'Page.createIsolatedWorld': { executionContextId: 7 },
    'Runtime.evaluate': { result: { value: '' } },
  };
  const call = (method: string): Promise<Json> => {
    asked.push(method);
    const answer = (answers[method] ?? {}) as Json;
    const refusal = refused.get(method);
    if (refusal !== undefined) return Promise.reject(new ChromeRefusedError(refusal));
    if (!silent.has(method)) return Promise.resolve(answer);
    return new Promise((resolve) => late.push(() => resolve(answer)));
  };
  const faults: unknown[] = [];
  let dialog: DialogMessage | null = null;
  const answered: boolean[] = [];
  const dialogs = {
    of: () => dialog,
    listen: () => () => undefined,
    answer: async (_pageId: string, isAccepted: boolean) => void answered.push(isAccepted),
  };
  const open = () =>
    PageCast.open({
      connection: {
        call,
        listen: (_id, onEvent) => {
          emit = onEvent;
        },
        closeSession: (id) => void asked.push(`close ${id}`),
        clientChoosers: { areTaken: () => false },
      },
      dialogs,
      uploads: { pathOf: () => undefined, discard: async () => undefined },
      clock,
      pageId: 'p',
      onHistory: () => undefined,
      onFault: (error) => faults.push(error),
    });
  const told: CastMessage[] = [];
  const watcher = {
    canAct: true,
    tell: (message: CastMessage) => void told.push(message),
    showFrame: () => undefined,
  };
  const count = (method: string) => asked.filter((each) => each === method).length;
  return {
    clock,
    answers,
    silent,
    refused,
    late,
    open,
    told,
    watcher,
    count,
    faults,
    answered,
    openDialog: () => {
      dialog = { type: 'dialog', kind: 'alert', text: 'now', defaultText: '' };
    },
    emit: (method: string, params: Json = {}) => emit(method, params),
  };
}

const t = suite('a page that is watched');

t('is shown although it does not answer', async () => {
  const { clock, silent, open, watcher, count } = await setUp();
  silent.add('Page.enable').add('Page.getNavigationHistory');
  const opening = open();
  await turns();
  clock.advance(CAST_LIMITS.openMs);
  (await opening).add(watcher);
  assert.is(count('Page.startScreencast'), 1);
});

t('is shown while it is on its way to another address, which is told when it is there', async () => {
  const { refused, open, watcher, count, emit } = await setUp();
  refused.set('Page.getNavigationHistory', 'Not attached to an active page');
  const cast = await open();
  cast.add(watcher);
  assert.equal([cast.history.url, count('Page.startScreencast')], ['', 1]);
  refused.clear();
  emit('Page.frameNavigated', { frame: {} });
  await turns();
  assert.is(cast.history.url, 'https://site.example/');
});

t('is not shown when it has gone', async () => {
  const { refused, open } = await setUp();
  refused.set('Page.getNavigationHistory', 'Session with given id not found.');
  const outcome = await open().catch((error: unknown) => error);
  assert.instance(outcome, ChromeRefusedError);
});

t('owes a bounded number of answers, and so many characters', async () => {
  const { silent, open, told, watcher, count, late } = await setUp();
  const cast = await open();
  silent.add('Input.insertText').add('Input.imeSetComposition');
  for (let each = 0; each < 20; each += 1)
    cast.act(watcher, { type: 'text', text: 'x'.repeat(CAST_LIMITS.maxTextCharacters) });
  await turns();
  assert.is(count('Input.insertText'), CAST_LIMITS.maxUnansweredCharacters / CAST_LIMITS.maxTextCharacters);
  for (let each = 0; each < 2_000; each += 1) cast.act(watcher, { type: 'compose', text: '' });
  await turns();
  assert.is(count('Input.imeSetComposition') + count('Input.insertText'), CAST_LIMITS.maxUnanswered);
  assert.equal(told, [{ type: 'refused', text: 'The page does not answer' }]);
  for (const answer of late) answer();
  await turns();
  silent.clear();
  cast.act(watcher, { type: 'text', text: 'again' });
  await turns();
  assert.is(count('Input.insertText'), 11);
});

t('has its dialog answered, whatever else waits for it', async () => {
  const { silent, open, watcher, answered, openDialog } = await setUp();
  const cast = await open();
  for (const method of ['Runtime.evaluate', 'Page.navigate', 'Page.reload', 'Input.dispatchMouseEvent'])
    silent.add(method);
  const mouse = { type: 'mouse', x: 1, y: 1, buttons: 1, clickCount: 1, modifiers: 0 } as const;
  cast.act(watcher, { type: 'pick', values: ['1'] });
  cast.act(watcher, { type: 'copy' });
  cast.act(watcher, { type: 'navigate', url: 'https://site.example/' });
  cast.act(watcher, { type: 'reload' });
  cast.act(watcher, { ...mouse, event: 'pressed', button: 'left' });
  await turns();
  openDialog();
  cast.act(watcher, { type: 'dialog', isAccepted: true, text: '' });
  await turns();
  assert.equal(answered, [true]);
});

t('is asked where it has been one time after the other, and rests between', async () => {
  const { clock, silent, open, count, emit, late } = await setUp();
  const cast = await open();
  silent.add('Page.getNavigationHistory');
  const before = count('Page.getNavigationHistory');
  const move = () => {
    for (let each = 0; each < 100; each += 1) emit('Page.navigatedWithinDocument');
  };
  move();
  clock.advance(500);
  for (const answer of late.splice(0)) answer();
  await turns();
  move();
  assert.is(count('Page.getNavigationHistory'), before + 1);
  clock.advance(500 * CAST_LIMITS.historyRest);
  await turns();
  assert.is(count('Page.getNavigationHistory'), before + 2);
  cast.close();
  for (const answer of late.splice(0)) answer();
  move();
  await turns();
  clock.advance(60_000);
  assert.is(count('Page.getNavigationHistory'), before + 2);
});

t('hears the release of who pressed beside a field, whoever else is choosing in one', async () => {
  const { open, watcher, count, told, answers } = await setUp();
  const cast = await open();
  const other = { ...watcher };
  const mouse = {
    type: 'mouse',
    x: 1,
    y: 1,
    button: 'left',
    buttons: 0,
    clickCount: 1,
    modifiers: 0,
  } as const;
  cast.add(watcher);
  cast.add(other);
  answers['Runtime.evaluate'] = { result: { value: { cursor: 'default', picker: { kind: 'select' } } } };
  cast.act(watcher, { ...mouse, event: 'pressed' });
  await turns();
  assert.equal(
    told.map(({ type }) => type),
    ['picker'],
  );
  cast.act(other, { ...mouse, event: 'released' });
  await turns();
  assert.is(count('Input.dispatchMouseEvent'), 1);
  cast.act(watcher, { ...mouse, event: 'released' });
  await turns();
  assert.is(count('Input.dispatchMouseEvent'), 1);
  cast.act(watcher, { ...mouse, event: 'pressed' });
  await turns();
  cast.remove(watcher);
  cast.act(other, { ...mouse, event: 'released' });
  await turns();
  assert.is(count('Input.dispatchMouseEvent'), 2);
});

t.run();
