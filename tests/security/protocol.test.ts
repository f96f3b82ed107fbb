/**
 * Threat: a client of a session uses the DevTools protocol against those beside it: against the other clients of its session,
 * its browser, its container's folders, and the platform's secrets.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectCdp } from '../e2e/support/cdp.ts';
import { until } from '../e2e/support/until.ts';
import { Figures } from './support/figures.ts';
import { type Inside, MARK, startInside } from './support/inside.ts';
import { intrude } from './support/intruder.ts';

const EVIL = '/tmp/wallcrawler-evil';
const figures = new Figures();
let at: Inside;

const inside = suite('the protocol against others');

inside.before(async () => {
  at = await startInside();
});

inside.after(async () => {
  await at.close();
  console.log(`protocol: ${figures}`);
});

const require = createRequire(createRequire(import.meta.url).resolve('puppeteer-core'));
const PROTOCOL: readonly string[] = ['browser_protocol', 'js_protocol'].flatMap((name) => {
  const { domains } = JSON.parse(
    readFileSync(require.resolve(`devtools-protocol/json/${name}.json`), 'utf8'),
  ) as { domains: { domain: string; commands?: { name: string }[] }[] };
  return domains.flatMap(({ domain, commands = [] }) => commands.map((each) => `${domain}.${each.name}`));
});
/** The first ends this client alone; the other would have Chrome wait for whoever goes on. */
const ENDS_IT = ['Browser.close', 'Target.setAutoAttach'];

inside('no command of the protocol tells a secret, or ends what is not its client’s', async () => {
  const { origin, intruder, connectUrl } = at;
  const other = await intrude(connectUrl);
  const params = { path: EVIL, downloadPath: EVIL, behavior: 'allow', eventName: 'x', handle: '1', origin };
  const asked = PROTOCOL.filter((name) => !ENDS_IT.includes(name)).flatMap((method) =>
    [undefined, other.page].map(async (session) => {
      const answer = await other.cdp.send(method, params, session);
      figures.note(method, 0, answer.error !== undefined);
      at.assertNothingIn(JSON.stringify(answer), method);
    }),
  );
  // Some are never answered by a page that has gone, or waits.
  await Promise.race([Promise.all(asked), wait(4_000)]);
  assert.ok((await intruder.cdp.send('Browser.getVersion')).result, 'the browser is there still');
  assert.not.ok(existsSync(EVIL));
  other.cdp.cut();
});

inside('nothing ends a browser for others whose client may not end it', async () => {
  const { machine, intruder, sessionId } = at;
  const body = JSON.stringify({ rights: 'guest' });
  const answer = await machine.call(`/v1/sessions/${sessionId}/cdp-url`, { method: 'POST', body });
  const guest = await intrude(((await answer.json()) as { cdpUrl: string }).cdpUrl);
  for (const name of ['quit', 'restart', 'inducebrowsercrashforrealz', 'hang', 'kill']) {
    for (const transitionType of ['typed', 'address_bar']) {
      const { sessionId: page } = await guest.cdp.openPage();
      void guest.cdp.send('Page.navigate', { url: `chrome://${name}/`, transitionType }, page);
      await wait(150);
      const version = await Promise.race([intruder.cdp.send('Browser.getVersion'), wait(3_000, {})]);
      figures.note(`chrome://${name}/`, 0, true);
      assert.ok((version as { result?: object }).result, `${name}, ${transitionType}: it has ended`);
    }
  }
  guest.cdp.cut();
  assert.is((await machine.client().sessions.retrieve(sessionId)).status, 'RUNNING');
});

inside('downloads land in the session’s own folder, whatever they are called', async () => {
  const { machine, origin, intruder, extension, sessionId } = at;
  const { cdp, page } = intruder;
  for (const [method, session] of [
    ['Browser.setDownloadBehavior', undefined],
    ['Page.setDownloadBehavior', page],
  ] as const) {
    const params = { behavior: 'allow', downloadPath: EVIL };
    await cdp.send(method, params, session);
    const message = JSON.stringify({ id: 7, method, params }).replace('Download', '\\u0044ownload');
    await cdp.send('Target.sendMessageToTarget', { message, sessionId: page });
  }
  await intruder.look(`${origin}/`);
  for (const name of ['../../../../tmp/evil', '/etc/evil', 'a/b/c', '.bashrc', 'n'.repeat(300)]) {
    await intruder.run(`location = '/file:' + encodeURIComponent(${JSON.stringify(name)}); 1`);
    await wait(100);
    figures.note(`a download called ${name.slice(0, 30)}`, 0, true);
  }
  for (const filename of ['../../evil', '/tmp/evil', 'a/../../evil'])
    await extension.run(
      `chrome.downloads.download({ url: '${origin}/file:e', filename: '${filename}' }).catch(String)`,
    );
  await until('some are listed', async () => {
    const listed = await machine.call(`/v1/downloads?sessionId=${sessionId}`);
    return ((await listed.json()) as { total: number }).total >= 2;
  });
  for (const path of [EVIL, '/tmp/evil', '/etc/evil']) assert.not.ok(existsSync(path), path);
});

inside('one client’s pages and messages are no other client’s', async () => {
  const { origin, intruder, connectUrl } = at;
  const other = await connectCdp(connectUrl);
  const heard: string[] = [];
  other.onEvent((event) => heard.push(JSON.stringify(event)));
  const own = await other.openPage();
  const closing = { sessionId: intruder.page, message: '{"id":1,"method":"Page.close"}' };
  for (const session of [undefined, own.sessionId]) {
    assert.ok((await other.send('Target.detachFromTarget', { sessionId: intruder.page }, session)).error);
    assert.ok((await other.send('Target.sendMessageToTarget', closing, session)).error);
  }
  for (const method of ['Runtime.evaluate', 'Page.close', 'Page.navigate']) {
    const params = { expression: 'document.title = 1', url: 'about:blank' };
    assert.ok((await other.send(method, params, intruder.page)).error, method);
    figures.note(`${method} by another client`, 0, true);
  }
  await intruder.look(`${origin}/`);
  assert.is(await intruder.run('6 * 7'), 42);
  assert.equal(
    heard.filter((event) => event.includes(`"sessionId":"${intruder.page}"`)),
    [],
  );
  await other.close();
});

inside('and the victim has noticed nothing', async () => {
  const { victim } = at;
  assert.is(await victim.run('document.title'), MARK);
  assert.match(String(await victim.run('document.cookie')), MARK);
});

inside.run();
