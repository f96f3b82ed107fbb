import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createProxyMetrics } from './metrics.ts';

const metrics = suite("the proxy's metrics");

const RESIDENT = /^wallcrawler_controller_resident_bytes (\d+)$/m;
/** The text, without the one number that nobody can know. */
const textOf = (rendered: string) => rendered.replace(RESIDENT, 'wallcrawler_controller_resident_bytes N');

metrics('name everything before anything was counted', () => {
  const text = createProxyMetrics(() => ({ cdp: 0, live: 0 })).render();
  assert.is(
    textOf(text),
    `# TYPE wallcrawler_proxy_upgrades_total counter
# TYPE wallcrawler_proxy_messages_total counter
wallcrawler_proxy_messages_total{direction="toChrome"} 0
wallcrawler_proxy_messages_total{direction="toClient"} 0
# TYPE wallcrawler_proxy_message_bytes_total counter
wallcrawler_proxy_message_bytes_total{direction="toChrome"} 0
wallcrawler_proxy_message_bytes_total{direction="toClient"} 0
# TYPE wallcrawler_proxy_open_sockets gauge
wallcrawler_proxy_open_sockets{kind="cdp"} 0
wallcrawler_proxy_open_sockets{kind="live"} 0
# TYPE wallcrawler_controller_resident_bytes gauge
wallcrawler_controller_resident_bytes N
`,
  );
  assert.ok(Number(RESIDENT.exec(text)?.[1]) > 1_000_000);
});

metrics('count upgrades by their answer, and messages by their direction', () => {
  const { countUpgrade, countMessage, render } = createProxyMetrics(() => ({}));
  for (const status of [101, 401, 101]) countUpgrade(status);
  countMessage('toChrome', 10);
  countMessage('toClient', 1_000);
  countMessage('toClient', 0);
  const text = render();
  for (const line of [
    'wallcrawler_proxy_upgrades_total{status="101"} 2',
    'wallcrawler_proxy_upgrades_total{status="401"} 1',
    'wallcrawler_proxy_messages_total{direction="toChrome"} 1',
    'wallcrawler_proxy_messages_total{direction="toClient"} 2',
    'wallcrawler_proxy_message_bytes_total{direction="toChrome"} 10',
    'wallcrawler_proxy_message_bytes_total{direction="toClient"} 1000',
  ])
    assert.ok(text.split('\n').includes(line), line);
});

metrics('read who is connected when they are asked', () => {
  const sockets = { cdp: 1 };
  const { render } = createProxyMetrics(() => sockets);
  assert.match(render(), 'wallcrawler_proxy_open_sockets{kind="cdp"} 1');
  sockets.cdp = 7;
  assert.match(render(), 'wallcrawler_proxy_open_sockets{kind="cdp"} 7');
});

metrics.run();
