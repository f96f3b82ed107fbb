import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decidePageCommand, isPageMessage } from './page-commands.ts';
import { PAGE_DOMAINS } from './page-methods.ts';

const decide = (method: string, params?: unknown) =>
  decidePageCommand({ id: 1, method, ...(params === undefined ? {} : { params }) });
const outcomeOf = (method: string, params?: unknown): string => {
  const decision = decide(method, params);
  if ('refusal' in decision) return `${decision.refusal.code} ${decision.refusal.message}`;
  return decision.params === undefined ? 'pass' : 'rewritten';
};
const NOT_ALLOWED = '-32000 Not allowed';

const methods = suite('a command by a link of one page');

// What the frontend asks for a screencast, with a person at it.
for (const method of [
  ...[
    'Page.enable',
    'Page.startScreencast',
    'Page.screencastFrameAck',
    'Page.getNavigationHistory',
    'Page.reload',
  ],
  ...['Input.dispatchMouseEvent', 'Input.dispatchKeyEvent', 'Input.emulateTouchFromMouseEvent'],
  ...[
    'Runtime.evaluate',
    'Runtime.runIfWaitingForDebugger',
    'DOM.getDocument',
    'CSS.enable',
    'Overlay.enable',
  ],
  ...['Debugger.enable', 'Network.enable', 'Network.getResponseBody', 'Emulation.setEmulatedMedia'],
  ...['DOMStorage.enable', 'Storage.getStorageKey', 'Target.detachFromTarget'],
]) {
  methods(`passes: ${method}`, () => {
    assert.is(outcomeOf(method), 'pass');
  });
}

for (const [why, ...names] of [
  [
    'ends or changes the browser',
    'Browser.close',
    'Browser.crash',
    'Browser.setDownloadBehavior',
    'Browser.getVersion',
  ],
  [
    'reaches other targets',
    'Target.getTargets',
    'Target.createTarget',
    'Target.attachToTarget',
    'Target.closeTarget',
  ],
  [
    'reaches other targets',
    'Target.attachToBrowserTarget',
    'Target.setDiscoverTargets',
    'Target.setRemoteLocations',
  ],
  [
    'reaches other targets',
    'Target.sendMessageToTarget',
    'Target.exposeDevToolsProtocol',
    'Target.getBrowserContexts',
  ],
  [
    'reaches other targets',
    'Target.autoAttachRelated',
    'Target.activateTarget',
    'Target.disposeBrowserContext',
  ],
  ['has cookies', 'Network.getAllCookies', 'Network.getCookies', 'Network.setCookie', 'Network.setCookies'],
  [
    'has cookies',
    'Network.deleteCookies',
    'Network.clearBrowserCookies',
    'Storage.getCookies',
    'Storage.setCookies',
  ],
  [
    'has data of all sites',
    'Storage.clearDataForOrigin',
    'Network.clearBrowserCache',
    'ServiceWorker.enable',
  ],
  [
    'has data of all sites',
    'IndexedDB.requestDatabaseNames',
    'CacheStorage.requestCacheNames',
    'Audits.enable',
  ],
  ['loads past the page’s rules', 'Network.loadNetworkResource', 'Fetch.enable', 'Page.setBypassCSP'],
  ['reads others’ streams', 'IO.read', 'IO.close', 'IO.resolveBlob', 'Tracing.start'],
  [
    'reads the machine',
    'SystemInfo.getInfo',
    'SystemInfo.getProcessInfo',
    'Memory.getDOMCounters',
    'HeapProfiler.enable',
  ],
  ['has files of the machine', 'DOM.setFileInputFiles', 'DOM.getFileInfo', 'Input.dispatchDragEvent'],
  ['has files of the machine', 'Page.setDownloadBehavior', 'Page.setInterceptFileChooserDialog'],
  ['ends the page for everybody', 'Page.close', 'Page.crash', 'Input.setIgnoreInputEvents'],
  [
    'is no method',
    'Page',
    'Page.',
    'Page.enable.x',
    'page.enable',
    'constructor.name',
    'toString.call',
    '__proto__.x',
  ],
] as const) {
  for (const name of names) {
    methods(`is no method of Chrome's when it ${why}: ${name}`, () => {
      assert.is(outcomeOf(name), `-32601 '${name}' wasn't found`);
    });
  }
}

methods('is of a domain that says why it is open', () => {
  for (const [domain, { why, methods: names, except }] of Object.entries(PAGE_DOMAINS)) {
    assert.ok(why.length > 10, domain);
    assert.ok(names === undefined || except === undefined, domain);
    assert.is(new Set(names).size, names?.length ?? 0, domain);
  }
});

methods.run();

const params = suite('its parameters');

for (const [url, outcome] of [
  ['https://a.example/', 'pass'],
  ['http://127.0.0.1/', 'pass'],
  ['about:blank', 'pass'],
  ['data:text/html,x', 'pass'],
  ['file:///etc/passwd', '-32000 Cannot navigate to invalid URL'],
  [' FILE:/etc/passwd', '-32000 Cannot navigate to invalid URL'],
  ['chrome://settings/', '-32000 Cannot navigate to invalid URL'],
  // A port that no URL has: Chrome drops it, and shows the page.
  ['chrome://settings:99999/', '-32000 Cannot navigate to invalid URL'],
  ['devtools://devtools:99999/bundled/inspector.html', '-32000 Cannot navigate to invalid URL'],
  ['no address', '-32000 Cannot navigate to invalid URL'],
  ['devtools://devtools/bundled/inspector.html', '-32000 Cannot navigate to invalid URL'],
  ['view-source:file:///etc/passwd', '-32000 Cannot navigate to invalid URL'],
  ['javascript:0', '-32000 Cannot navigate to invalid URL'],
  ['filesystem:http://a/b', '-32000 Cannot navigate to invalid URL'],
] as const) {
  params(`go to ${url}: ${outcome}`, () => {
    assert.is(outcomeOf('Page.navigate', { url }), outcome);
  });
}

params('that are no text are left to Chrome', () => {
  for (const given of [undefined, null, {}, { url: 5 }]) assert.is(outcomeOf('Page.navigate', given), 'pass');
});

params('ask for a world with every site’s rights, in either spelling, and do not get it', () => {
  assert.is(outcomeOf('Page.createIsolatedWorld', { frameId: 'F', worldName: 'w' }), 'pass');
  for (const name of ['grantUniveralAccess', 'grantUniversalAccess'])
    assert.is(outcomeOf('Page.createIsolatedWorld', { frameId: 'F', [name]: true }), NOT_ALLOWED);
});

params('attach to frames and workers, and never to another page', () => {
  const decision = decide('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: true,
    filter: [{}],
  });
  assert.equal(decision, {
    params: {
      autoAttach: true,
      waitForDebuggerOnStart: true,
      flatten: true,
      filter: [
        { type: 'browser', exclude: true },
        { type: 'tab', exclude: true },
        { type: 'page', exclude: true },
        {},
      ],
    },
  });
  for (const given of [undefined, { autoAttach: true }, { autoAttach: true, flatten: 1 }])
    assert.is(outcomeOf('Target.setAutoAttach', given), NOT_ALLOWED);
});

params('name no other target than the one in which they are asked', () => {
  assert.equal(decide('Target.getTargetInfo', { targetId: 'OTHER' }), { params: {} });
});

params.run();

const messages = suite('what a link of one page is told');

for (const [shown, text] of [
  [true, '{"method":"Page.screencastFrame","params":{}}'],
  [true, '{"method":"Target.attachedToTarget","params":{}}'],
  [true, '{"method":"Target.detachedFromTarget","params":{}}'],
  [true, '{"method":"Network.requestWillBeSent","params":{}}'],
  [true, '{"id":1,"result":{}}'],
  [true, '{}'],
  [false, '{"method":"Target.targetCreated","params":{}}'],
  [false, '{"method":"Target.targetInfoChanged","params":{}}'],
  [false, '{"method":"Target.targetDestroyed","params":{}}'],
  [false, '{"method":"Network.requestWillBeSentExtraInfo","params":{}}'],
  [false, '{"method":"Network.responseReceivedExtraInfo","params":{}}'],
  [false, '{"method":"Network.webSocketWillSendHandshakeRequest","params":{}}'],
] as const) {
  messages(`${shown ? 'has' : 'has not'} ${text.slice(0, 60)}`, () => {
    assert.is(isPageMessage(Buffer.from(text)), shown);
  });
}

messages.run();
