import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mask } from './mask.ts';

const SECRET = 'hunter2';
const CODE = 4711;
const masks = suite('what is written down of a message');

/** Everywhere that what a person types, a page holds or a client authenticates with goes through the protocol. */
const SECRETS: readonly (readonly [method: string, content: Record<string, unknown>])[] = [
  ['Input.insertText', { text: SECRET }],
  [
    'Input.dispatchKeyEvent',
    {
      text: SECRET,
      unmodifiedText: SECRET,
      key: SECRET,
      code: SECRET,
      keyIdentifier: SECRET,
      commands: [SECRET],
    },
  ],
  ['Input.dispatchKeyEvent', { windowsVirtualKeyCode: CODE, nativeVirtualKeyCode: CODE, location: CODE }],
  ['Input.imeSetComposition', { text: SECRET }],
  ['Runtime.evaluate', { expression: `a.value = '${SECRET}'` }],
  [
    'Runtime.callFunctionOn',
    {
      functionDeclaration: SECRET,
      arguments: [{ value: SECRET }, { value: { type: SECRET } }, { value: CODE }],
    },
  ],
  // The answers of both.
  ['Runtime.evaluate', { result: { type: 'string', value: SECRET, description: SECRET } }],
  ['Runtime.callFunctionOn', { result: { type: 'object', value: { type: SECRET, id: SECRET, n: CODE } } }],
  ['Runtime.evaluate', { exceptionDetails: { text: SECRET, exception: { description: SECRET } } }],
  ['Runtime.getProperties', { result: [{ name: SECRET, value: { value: SECRET } }] }],
  ['Runtime.consoleAPICalled', { type: 'log', args: [{ type: 'string', value: SECRET }] }],
  ['Runtime.bindingCalled', { name: 'b', payload: SECRET }],
  ['Network.setCookie', { name: 'login', value: SECRET, url: 'https://example.com/' }],
  ['Network.setCookies', { cookies: [{ name: 'login', value: SECRET }] }],
  ['Storage.setCookies', { cookies: [{ name: 'login', value: SECRET }] }],
  ['Storage.getCookies', { cookies: [{ name: 'login', value: SECRET, size: 12 }] }],
  ['Network.setExtraHTTPHeaders', { headers: { accept: SECRET, 'x-api-key': SECRET } }],
  ['Network.requestWillBeSent', { request: { postData: SECRET, postDataEntries: [{ bytes: SECRET }] } }],
  [
    'Network.requestWillBeSent',
    {
      request: {
        headers: {
          Authorization: SECRET,
          'Proxy-Authorization': SECRET,
          Cookie: SECRET,
          'X-API-Key': SECRET,
          'x-whatever': SECRET,
          Referer: `https://example.com/?q=${SECRET}`,
        },
      },
    },
  ],
  ['Network.responseReceived', { response: { headers: { 'Set-Cookie': SECRET }, headersText: SECRET } }],
  [
    'Network.requestWillBeSentExtraInfo',
    { associatedCookies: [{ cookie: { name: 'login', value: SECRET } }], headers: { cookie: SECRET } },
  ],
  ['Network.getResponseBody', { body: SECRET, base64Encoded: false }],
  ['Network.getRequestPostData', { postData: SECRET }],
  ['Network.webSocketFrameSent', { response: { payloadData: SECRET } }],
  ['Network.eventSourceMessageReceived', { data: SECRET, eventName: SECRET, eventId: 'x' }],
  ['Fetch.fulfillRequest', { body: SECRET, responseHeaders: [{ name: 'set-cookie', value: SECRET }] }],
  ['Fetch.continueRequest', { headers: [{ name: 'authorization', value: SECRET }], postData: SECRET }],
  [
    'Fetch.continueWithAuth',
    { authChallengeResponse: { response: 'ProvideCredentials', username: SECRET, password: SECRET } },
  ],
  ['Page.navigate', { url: `https://${SECRET}:${SECRET}@example.com/?signingKey=${SECRET}#${SECRET}` }],
  ['Page.setDocumentContent', { html: SECRET }],
  ['Page.handleJavaScriptDialog', { accept: true, promptText: SECRET }],
  ['Page.addScriptToEvaluateOnNewDocument', { source: SECRET }],
  ['DOM.setAttributeValue', { nodeId: 1, name: 'value', value: SECRET }],
  ['DOM.getAttributes', { attributes: ['value', SECRET] }],
  ['DOM.getOuterHTML', { outerHTML: SECRET }],
  [
    'Accessibility.getFullAXTree',
    { nodes: [{ nodeId: '1', name: { value: SECRET }, value: { value: SECRET } }] },
  ],
  ['DOMStorage.getDOMStorageItems', { entries: [['token', SECRET]] }],
  ['Target.sendMessageToTarget', { message: `{"method":"Input.insertText","params":{"text":"${SECRET}"}}` }],
  ['WebAuthn.addCredential', { credential: { credentialId: 'c', privateKey: SECRET } }],
  ['Autofill.trigger', { card: { number: SECRET, cvc: CODE } }],
  ['Page.domContentEventFired', { somethingNew: SECRET, deeper: [{ and: [SECRET] }] }],
];
for (const [method, content] of SECRETS)
  masks(`has no secret of ${method}: ${Object.keys(content).join(', ')}`, () => {
    const text = JSON.stringify(mask(method, content));
    assert.not.match(text, SECRET);
    assert.not.match(text, String(CODE));
  });

masks('says what happened, where and how it ended', () => {
  const content = {
    requestId: '1.2',
    type: 'Document',
    documentURL: 'https://example.com/a',
    request: {
      url: 'https://example.com/b?c=d',
      method: 'GET',
      headers: { 'User-Agent': 'Chrome', Accept: '*/*', 'X-Own': 'x' },
      initialPriority: 'High',
    },
    timestamp: 7.5,
    hasExtraInfo: true,
    frameId: 'F',
  };
  assert.equal(mask('Network.requestWillBeSent', content), {
    ...content,
    request: {
      ...content.request,
      url: 'https://example.com/b?c=[masked]',
      headers: { 'User-Agent': 'Chrome', Accept: '*/*', 'X-Own': '[masked]' },
    },
  });
  assert.equal(mask('Page.lifecycleEvent', { frameId: 'F', name: 'load' }), { frameId: 'F', name: 'load' });
});

masks('has Chrome’s sentences, as far as they are not long, with their addresses masked', () => {
  const entry = {
    source: 'security',
    level: 'error',
    text: `Refused https://x.example/?a=${SECRET} ${'b'.repeat(2_000)}`,
  };
  const shown = mask('Log.entryAdded', { entry }) as { entry: typeof entry };
  assert.equal([shown.entry.source, shown.entry.level], ['security', 'error']);
  assert.match(shown.entry.text, /^Refused https:\/\/x\.example\/\?a=\[masked\] b+$/);
  assert.ok(shown.entry.text.length <= 1_000);
});

masks('goes so deep and no deeper', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`);
  assert.match(JSON.stringify(mask('Any.thing', deep)), '[masked]');
  const list = JSON.parse(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`);
  assert.match(JSON.stringify(mask('Any.thing', list)), '[masked]');
});

masks('takes no name for one of its own tables', () => {
  const content = JSON.parse('{"__proto__":"x","constructor":"y","headers":"z","id":7}');
  assert.is(
    JSON.stringify(mask('constructor', content)),
    '{"__proto__":"[masked]","constructor":"[masked]","headers":"[masked]","id":7}',
  );
  assert.is(mask('Any.thing', { frameId: 'x'.repeat(200) }).frameId, '[masked]', 'an id is short');
});

masks.run();
