import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rewriteCommand } from './rewrite-command.ts';

const FOLDER = '/session/downloads';
const rewrite = (message: unknown, mayEnd = true) =>
  rewriteCommand(JSON.parse(typeof message === 'string' ? message : JSON.stringify(message)), {
    downloadsFolder: FOLDER,
    uploadPathOf: (name) => (name === 'ü.txt' ? '/session/uploads/ü.txt' : undefined),
    mayEnd,
  });
const replaced = (message: unknown) => {
  const decision = rewrite(message);
  if (decision.action !== 'replace') throw new Error(`expected a replacement, got ${decision.action}`);
  return JSON.parse(decision.message);
};

const pass = suite('rewriteCommand: what passes');

for (const message of [
  { id: 1, method: 'Page.navigate', params: { url: 'https://example.com' } },
  { id: 1, method: 'Runtime.evaluate', params: { expression: '"Browser.close" + "setDownloadBehavior"' } },
  { id: 1, method: 'Browser.closer' },
  { id: 1, method: 'Target.sendMessageToTarget', params: { message: '{"id":1,"method":"Page.close"}' } },
  { method: 'Browser.close' },
  { id: 'one', method: 'Browser.close' },
]) {
  pass(`passes ${JSON.stringify(message).slice(0, 60)}`, () => {
    assert.is(rewrite(message).action, 'pass');
  });
}

pass.run();

const contexts = suite('rewriteCommand: proxies of contexts');
const create = (params: object) => ({ id: 1, method: 'Target.createBrowserContext', params });
const guarded = (message: object) =>
  rewriteCommand(message as never, {
    downloadsFolder: FOLDER,
    uploadPathOf: () => undefined,
    mayEnd: true,
    contextProxy: (server, bypassList) =>
      server === 'no.example'
        ? { refusal: { code: -32000, message: 'no' } }
        : { proxyServer: `guard for ${server} but ${bypassList}`, proxyBypassList: '<-loopback>' },
  });

contexts('lead to the guard, also by a command within a command', () => {
  const asked = create({ proxyServer: 'a', proxyBypassList: 'b', disposeOnDetach: true });
  const led = create({
    proxyServer: 'guard for a but b',
    proxyBypassList: '<-loopback>',
    disposeOnDetach: true,
  });
  const rewritten = guarded(asked);
  assert.equal(rewritten.action === 'replace' && JSON.parse(rewritten.message), led);
  const params = { message: JSON.stringify(asked) };
  const outer = guarded({ id: 2, method: 'Target.sendMessageToTarget', params });
  assert.equal(JSON.parse(outer.action === 'replace' ? JSON.parse(outer.message).params.message : '{}'), led);
});

contexts('that are not taken are refused in the sentence of who knows why', () => {
  const refused = guarded(create({ proxyServer: 'no.example' }));
  assert.equal(refused.action === 'answer' && JSON.parse(refused.message), {
    id: 1,
    error: { code: -32000, message: 'no' },
  });
});

contexts('are left alone where there are none, and where nobody guards', () => {
  for (const params of [{}, { proxyServer: '' }, { proxyServer: 1 }, { proxyBypassList: 'b' }])
    assert.is(guarded(create(params)).action, 'pass');
  assert.is(rewrite(create({ proxyServer: 'direct://' })).action, 'pass');
});

contexts.run();

const uploads = suite('rewriteCommand: uploads');
const choose = (file: string) => ({
  id: 1,
  method: 'DOM.setFileInputFiles',
  params: { files: [file] },
  sessionId: 'S',
});

uploads('are chosen where they lie, also by a command within a command', () => {
  assert.equal(replaced(choose('/tmp/.uploads/ü.txt')), choose('/session/uploads/ü.txt'));
  const params = { message: JSON.stringify(choose('/tmp/.uploads/ü.txt')) };
  const outer = replaced({ id: 2, method: 'Target.sendMessageToTarget', params });
  assert.equal(JSON.parse(outer.params.message), choose('/session/uploads/ü.txt'));
});

uploads('are all that can be chosen, also by a command within a command', () => {
  const params = { message: JSON.stringify(choose('/etc/passwd')) };
  for (const message of [choose('/etc/passwd'), { id: 1, method: 'Target.sendMessageToTarget', params }]) {
    const decision = rewrite(message);
    assert.is(decision.action, 'answer');
    assert.match(
      decision.action === 'answer' ? decision.message : '',
      /"code":-32000,"message":"Only a file of this/,
    );
  }
});

uploads.run();

const downloads = suite('rewriteCommand: downloads');

for (const params of [undefined, null, [], 'x']) {
  downloads(`go to the session's folder when the params are ${JSON.stringify(params)}`, () => {
    assert.is(replaced({ id: 1, method: 'Browser.setDownloadBehavior', params }).params.downloadPath, FOLDER);
  });
}

downloads("moves Playwright's downloads, with their names and events", () => {
  const params = {
    behavior: 'allowAndName',
    downloadPath: '/tmp/pw',
    eventsEnabled: true,
    browserContextId: 'B',
  };
  const message = { id: 7, method: 'Browser.setDownloadBehavior', params, sessionId: 'S' };
  assert.equal(replaced(message), {
    ...message,
    params: { ...params, behavior: 'allowAndName', downloadPath: FOLDER },
  });
});

downloads('answers the older command of a page, which is as it should be already', () => {
  for (const behavior of ['allow', 'default']) {
    const params = { behavior, downloadPath: '/x' };
    const message = { id: 7, method: 'Page.setDownloadBehavior', params, sessionId: 'S' };
    assert.equal(rewrite(message), {
      action: 'answer',
      message: '{"id":7,"result":{},"sessionId":"S"}',
      closesBrowser: false,
    });
  }
  const refusing = { id: 7, method: 'Page.setDownloadBehavior', params: { behavior: 'deny' } };
  assert.equal(replaced(refusing).params, { behavior: 'deny', downloadPath: FOLDER });
});

downloads('leaves a refusal a refusal, and a fault a fault', () => {
  const of = (behavior: unknown) =>
    replaced({ id: 1, method: 'Browser.setDownloadBehavior', params: { behavior } });
  assert.is(of('deny').params.behavior, 'deny');
  assert.is(of('nonsense').params.behavior, 'nonsense');
  assert.is(of('default').params.behavior, 'allowAndName');
});

downloads('is not dodged by escapes in the name', () => {
  for (const name of [
    String.raw`\u0042rowser.setDownloadBehavior`,
    String.raw`Browser.\u0073etDownloadBehavior`,
    String.raw`Browser.setDownload\u0042ehavior`,
  ]) {
    const text = `{"id":1,"method":"${name}","params":{"behavior":"allow","downloadPath":"/etc"}}`;
    assert.is(replaced(text).params.downloadPath, FOLDER);
  }
  const ofPage = String.raw`{"id":1,"method":"\u0050age.setDownloadBehavior","params":{"downloadPath":"/etc"}}`;
  assert.is(replaced(ofPage).params.downloadPath, FOLDER);
});

downloads('is not dodged by an escaped or doubled key', () => {
  const text = String.raw`{"id":1,"\u006dethod":"Browser.\u0073etDownloadBehavior","params":{"downloadPath":"/a","downloadP\u0061th":"/b"}}`;
  assert.is(replaced(text).params.downloadPath, FOLDER);
});

downloads('is not dodged by a message within a message, however escaped', () => {
  const wrap = (message: string) =>
    JSON.stringify({ id: 1, method: 'Target.sendMessageToTarget', params: { message } });
  const inner = String.raw`{"id":2,"method":"Page.\u0073etDownloadBehavior","params":{"downloadPath":"/etc"}}`;
  const once = replaced(wrap(inner));
  assert.is(JSON.parse(once.params.message).params.downloadPath, FOLDER);
  const twice = replaced(wrap(wrap(inner)));
  assert.is(JSON.parse(JSON.parse(twice.params.message).params.message).params.downloadPath, FOLDER);
  assert.is(rewrite(wrap(wrap(wrap(wrap(wrap(inner)))))).action, 'answer');
});

downloads('refuses a message within a message that is not JSON', () => {
  const message = '{"id":1,/**/"method":"Browser.setDownloadBehavior"}';
  const decision = rewrite({ id: 1, method: 'Target.sendMessageToTarget', params: { message } });
  assert.ok(decision.action === 'answer' && !decision.closesBrowser);
  assert.equal(JSON.parse(decision.message), {
    id: 1,
    error: { code: -32700, message: 'JSON: string literal expected at position 8' },
  });
});

downloads.run();

const close = suite('rewriteCommand: Browser.close');

close('is answered with success, in the session it came from', () => {
  const decision = rewrite({ id: 9, method: 'Browser.close', sessionId: 'S' });
  assert.ok(decision.action === 'answer' && decision.closesBrowser);
  assert.equal(JSON.parse(decision.message), { id: 9, result: {}, sessionId: 'S' });
});

close('is seen through escapes and nesting', () => {
  const inner = String.raw`{"id":2,"method":"Browser.\u0063lose"}`;
  for (const [text, id] of [
    [inner, 2],
    [JSON.stringify({ id: 5, method: 'Target.sendMessageToTarget', params: { message: inner } }), 5],
  ] as const) {
    const decision = rewrite(text);
    assert.ok(decision.action === 'answer' && decision.closesBrowser);
    assert.is(JSON.parse(decision.message).id, id);
  }
});

close('of several is still one answer, however deep it lies', () => {
  const inner = wrap(wrap({ id: 2, method: 'Browser.close' }, 3), 4);
  const decision = rewrite({ ...inner, sessionId: 'S' });
  assert.ok(decision.action === 'answer' && decision.closesBrowser);
  assert.equal(JSON.parse(decision.message), { id: 4, result: {}, sessionId: 'S' });
});

close.run();

const CRASH = { url: 'chrome://inducebrowsercrashforrealz/', transitionType: 'address_bar' };
const ENDINGS = [
  { method: 'Browser.crash' },
  { method: 'Target.exposeDevToolsProtocol' },
  { method: 'Page.navigate', params: CRASH },
  { method: 'Target.createTarget', params: CRASH },
];
const ending = suite('rewriteCommand: what can end the browser for everybody');

ending('passes where the client may end the browser', () => {
  for (const each of ENDINGS) assert.is(rewrite({ id: 1, ...each }).action, 'pass');
});

ending('is refused where the session outlives its clients, within a message too', () => {
  for (const each of ENDINGS) {
    const inner = { id: 2, ...each, sessionId: 'S' };
    for (const message of [inner, { ...wrap(inner, 2), sessionId: 'S' }]) {
      const decision = rewrite(message, false);
      assert.ok(decision.action === 'answer' && !decision.closesBrowser);
      assert.equal(JSON.parse(decision.message), {
        id: 2,
        sessionId: 'S',
        error: { code: -32000, message: 'The session is kept alive: no client may end its browser' },
      });
    }
  }
});

ending.run();

const extensions = suite('rewriteCommand: extensions');

extensions('are loaded by the platform alone, and can be listed and removed by a client', () => {
  const load = { id: 2, method: 'Extensions.loadUnpacked', params: { path: '/etc' }, sessionId: 'S' };
  for (const message of [load, { ...wrap(load, 2), sessionId: 'S' }]) {
    const decision = rewrite(message);
    assert.ok(decision.action === 'answer' && !decision.closesBrowser);
    const { id, sessionId, error } = JSON.parse(decision.message);
    assert.equal([id, sessionId, error.code], [2, 'S', -32000]);
    assert.match(error.message, 'No folder of the container is loaded');
  }
  for (const method of ['Extensions.getExtensions', 'Extensions.uninstall'])
    assert.is(rewrite({ id: 1, method }).action, 'pass');
});

extensions.run();

const nested = suite('rewriteCommand: a message within a message');

/** `message` as the text of another one. */
function wrap(message: unknown, id = 1) {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return { id, method: 'Target.sendMessageToTarget', params: { sessionId: 'T', message: text } };
}
const MOVED = { id: 2, method: 'Page.setDownloadBehavior', params: { downloadPath: '/etc' } };

nested('keeps everything else as it was', () => {
  const message = { ...wrap(MOVED, 7), sessionId: 'S' };
  const { params, ...rest } = replaced(message);
  assert.equal(rest, { id: 7, method: 'Target.sendMessageToTarget', sessionId: 'S' });
  assert.is(params.sessionId, 'T');
  assert.equal(JSON.parse(params.message), { ...MOVED, params: { downloadPath: FOLDER } });
});

for (const params of [undefined, null, [], 'x', {}, { message: 5 }, { message: ['{}'] }]) {
  nested(`passes when there is none in ${JSON.stringify(params)}: Chrome knows what to say`, () => {
    assert.is(rewrite({ id: 1, method: 'Target.sendMessageToTarget', params }).action, 'pass');
  });
}

for (const [what, message, code] of [
  ['no JSON', 'Browser.close', -32700],
  ['JSON for some', '{"id":2,"method":"Page.setDownloadBehavior",}', -32700],
  ['a list of them', JSON.stringify([MOVED]), -32600],
  ['cut by a NUL', `${JSON.stringify({ id: 2, method: 'A.b' })}\0${JSON.stringify(MOVED)}`, -32700],
  ['behind a mark of its encoding', `\ufeff${JSON.stringify(MOVED)}`, -32700],
  ['deeper than anybody needs', JSON.stringify(wrap(wrap(wrap(wrap(MOVED))))), -32700],
] as const) {
  nested(`is answered, and not passed on, when it is ${what}`, () => {
    const decision = rewrite({ ...wrap(message, 6), sessionId: 'S' });
    assert.ok(decision.action === 'answer' && !decision.closesBrowser);
    const { id, sessionId, error } = JSON.parse(decision.message);
    // By these its client knows which of its commands was refused.
    assert.equal([id, sessionId, error.code], [6, 'S', code]);
  });
}

nested('is followed as deep as four, and moved there', () => {
  let text = replaced(wrap(wrap(wrap(wrap(MOVED)))));
  for (let depth = 0; depth < 4; depth += 1) text = JSON.parse(text.params.message);
  assert.is(text.params.downloadPath, FOLDER);
});

nested('means the last of two keys, as it will for Chrome', () => {
  const text = '{"id":2,"method":"A.b","method":"Page.setDownloadBehavior","params":{"downloadPath":"/etc"}}';
  assert.is(JSON.parse(replaced(wrap(text)).params.message).params.downloadPath, FOLDER);
});

nested.run();
