import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LOG_LIMITS } from './limits.ts';
import type { LogRow } from './log-row.ts';
import { PageNumbers } from './number-pages.ts';
import { ClientTap } from './tap-channel.ts';

const taps = suite('what a client asks and is answered');

function start({ isFull = false } = {}) {
  const rows: LogRow[] = [];
  const pages = new PageNumbers();
  let timeMs = 1_000;
  const tap = new ClientTap({
    add: (row) => rows.push(row),
    pageOf: (targetIds) => pages.of(targetIds),
    isFull: () => isFull,
    now: () => timeMs++,
  });
  const ask = (id: number, method: string, params = {}, cdpSessionId?: string, targetIds: string[] = []) =>
    tap.onCommand({ id, method, params, cdpSessionId }, '', targetIds);
  const say = (message: object) => tap.onMessage(Buffer.from(JSON.stringify(message)));
  return { rows, pages, tap, ask, say };
}

taps('is a row, once it is answered', () => {
  const { rows, pages, ask, say } = start();
  pages.add('P1');
  pages.add('P2');
  ask(1, 'Page.navigate', { url: 'https://example.com/', frameId: 'F' }, 'S', ['P2']);
  assert.equal(rows, []);
  say({ id: 1, result: { frameId: 'F', loaderId: 'L' }, sessionId: 'S' });
  assert.equal(rows, [
    {
      method: 'Page.navigate',
      pageId: 2,
      request: {
        timestamp: 1_000,
        params: { url: 'https://example.com/', frameId: 'F' },
        rawBody: '{"url":"https://example.com/","frameId":"F"}',
      },
      response: {
        timestamp: 1_001,
        result: { frameId: 'F', loaderId: 'L' },
        rawBody: '{"frameId":"F","loaderId":"L"}',
      },
      frameId: 'F',
      loaderId: 'L',
    },
  ]);
});

taps('is matched by its id within its session of CDP', () => {
  const { rows, ask, say } = start();
  ask(1, 'First.command');
  ask(1, 'Second.command', {}, 'S');
  say({ id: 1, result: { n: 2 }, sessionId: 'S' });
  say({ id: 1, result: { n: 1 } });
  say({ id: 1, result: { n: 3 } });
  assert.equal(
    rows.map(({ method, response }) => [method, response?.result]),
    [
      ['Second.command', { n: 2 }],
      ['First.command', { n: 1 }],
    ],
  );
});

taps('belongs to the page within which its target is, or to the browser', () => {
  const { rows, pages, ask, tap } = start();
  pages.add('P');
  ask(1, 'In.frame', {}, 'S1', ['FRAME', 'P', 'TAB']);
  ask(2, 'In.browser');
  ask(3, 'In.worker', {}, 'S2', ['WORKER']);
  tap.onClose();
  assert.equal(
    rows.map(({ pageId }) => pageId),
    [1, 0, 0],
  );
});

taps('is told with Chrome’s own error', () => {
  const { rows, ask, say } = start();
  ask(1, 'No.thing');
  say({ id: 1, error: { code: -32601, message: "'No.thing' wasn't found" } });
  assert.equal(rows[0]?.response?.result, { error: { code: -32601, message: "'No.thing' wasn't found" } });
});

taps('has of a large answer its length only, and does not parse it', () => {
  const { rows, ask, tap } = start();
  ask(1, 'Page.captureScreenshot');
  tap.onMessage(Buffer.from(`{"id":1,"result":no JSON at all ${'x'.repeat(LOG_LIMITS.maxBodyBytes)}`));
  assert.equal(rows[0]?.response?.result, {});
  assert.match(rows[0]?.response?.rawBody ?? '', /^\[41\d\d bytes\]$/);
});

taps('has of a large command its length, and the name that it begins with', () => {
  const { rows, tap } = start();
  const bytes = Buffer.from(
    `{"id":1,"method":"Runtime.evaluate","params":{"expression":"${'x'.repeat(99)}"}}`,
  );
  tap.onCommand({ id: 1 }, bytes, []);
  tap.onCommand({ id: 2 }, Buffer.from('{"id":2,"params":{}}'), []);
  tap.onClose();
  assert.equal(
    rows.map(({ method, request }) => [method, request.params, request.rawBody]),
    [
      ['Runtime.evaluate', {}, `[${bytes.length} bytes]`],
      ['unknown', {}, '[20 bytes]'],
    ],
  );
});

taps('is a row without an answer when there is none: at the end, or when too many wait', () => {
  const { rows, ask, tap, say } = start();
  for (let id = 0; id <= LOG_LIMITS.maxUnanswered; id += 1) ask(id, `Any.m${id}`);
  assert.equal(
    rows.map(({ method, response }) => [method, response]),
    [['Any.m0', undefined]],
  );
  say({ id: 0, result: {} });
  ask(7, 'Same.id');
  assert.is(rows.at(-1)?.method, 'Any.m7');
  tap.onClose();
  tap.onClose();
  assert.is(rows.length, LOG_LIMITS.maxUnanswered + 2);
});

taps('has the console’s lines by their kind and place, where the client asks for them', () => {
  const { rows, pages, ask, say } = start();
  pages.add('P');
  ask(1, 'Runtime.enable', {}, 'S', ['P']);
  const callFrames = [{ functionName: 'f', url: 'https://example.com/a.js', lineNumber: 3, columnNumber: 4 }];
  const params = { type: 'error', args: [{ type: 'string', value: 'hunter2' }], stackTrace: { callFrames } };
  say({ method: 'Runtime.consoleAPICalled', params, sessionId: 'S' });
  say({ method: 'Runtime.executionContextCreated', params: {}, sessionId: 'S' });
  assert.is(rows.length, 1);
  assert.is(rows[0]?.pageId, 1);
  assert.equal(rows[0]?.request.params, { type: 'error', args: '[masked]', stackTrace: { callFrames } });
});

taps('is nothing any more when the log is full', () => {
  const { rows, ask, tap } = start({ isFull: true });
  ask(1, 'Any.thing');
  tap.onMessage(Buffer.from('{"id":1,no JSON'));
  tap.onClose();
  assert.equal(rows, []);
});

taps.run();
