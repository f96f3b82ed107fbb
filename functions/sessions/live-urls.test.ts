import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ListedPage, toLiveUrls } from './live-urls.ts';

const direct = { webSocketOrigin: 'ws://10.0.0.5:9223', httpOrigin: 'http://10.0.0.5:9223' };
const routed = {
  webSocketOrigin: 'wss://browsers.example/connect',
  httpOrigin: 'https://browsers.example/connect',
};
const page = (id: string): ListedPage => ({ id, url: `http://${id}/`, title: id });
const signLiveToken = (pageId?: string) => `token-of-${pageId ?? 'all'}`;
const sign = { signLiveToken, isViewOnly: false };
const forWatching = { signLiveToken, isViewOnly: true };

const urls = suite('toLiveUrls');

urls('lead to an inspector that opens its socket by the same way and with the same token', () => {
  assert.equal(toLiveUrls(direct, [page('A')], sign).pages, [
    {
      id: 'A',
      url: 'http://A/',
      title: 'A',
      faviconUrl: 'data:,',
      debuggerUrl:
        'http://10.0.0.5:9223/live/token-of-A/devtools/inspector.html?ws=10.0.0.5:9223/live/token-of-A/devtools/page/A',
      debuggerFullscreenUrl: 'http://10.0.0.5:9223/live/token-of-A/view/A',
    },
  ]);
});

urls('are encrypted, and below its path, where a router leads', () => {
  const { debuggerUrl, wsUrl } = toLiveUrls(routed, [page('A')], sign);
  assert.is(
    debuggerUrl,
    'https://browsers.example/connect/live/token-of-A/devtools/inspector.html?wss=browsers.example/connect/live/token-of-A/devtools/page/A',
  );
  assert.is(wsUrl, 'wss://browsers.example/connect/live/token-of-all/devtools/page/A');
});

urls(
  'give each page a token of its own, and the socket URL and the session’s view one for the whole session',
  () => {
    const { pages, wsUrl, debuggerUrl, debuggerFullscreenUrl } = toLiveUrls(
      direct,
      [page('A'), page('B')],
      sign,
    );
    assert.match(pages[0]?.debuggerUrl ?? '', 'token-of-A');
    assert.not.match(pages[0]?.debuggerUrl ?? '', /token-of-(B|all)/);
    assert.match(pages[1]?.debuggerUrl ?? '', 'token-of-B');
    assert.not.match(pages[1]?.debuggerUrl ?? '', /token-of-(A|all)/);
    assert.match(wsUrl, 'token-of-all');
    assert.is(debuggerUrl, pages[0]?.debuggerUrl, 'the first page is what one sees');
    assert.match(pages[1]?.debuggerFullscreenUrl ?? '', '/live/token-of-B/view/B');
    assert.match(debuggerFullscreenUrl, '/live/token-of-all/view', 'the page alone follows the session');
  },
);

urls('of a browser without a page lead to its list of pages', () => {
  assert.equal(toLiveUrls(direct, [], sign), {
    debuggerUrl: 'http://10.0.0.5:9223/live/token-of-all/json/list',
    debuggerFullscreenUrl: 'http://10.0.0.5:9223/live/token-of-all/view',
    wsUrl: 'ws://10.0.0.5:9223/live/token-of-all',
    pages: [],
  });
});

urls('for watching lead to the view, where an inspector would show nothing', () => {
  const { debuggerUrl, pages } = toLiveUrls(direct, [page('A')], forWatching);
  assert.is(debuggerUrl, 'http://10.0.0.5:9223/live/token-of-A/view/A');
  assert.is(pages[0]?.debuggerUrl, debuggerUrl);
  assert.is(toLiveUrls(direct, [], forWatching).debuggerUrl, 'http://10.0.0.5:9223/live/token-of-all/view');
});

urls('show of a page what the contract has, whatever else the container says of it', () => {
  const talkative = { ...page('A'), faviconUrl: 'data:,x', webSocketDebuggerUrl: 'ws://inner', type: 'page' };
  const [shown] = toLiveUrls(direct, [talkative], sign).pages;
  assert.equal(Object.keys(shown ?? {}).sort(), [
    'debuggerFullscreenUrl',
    'debuggerUrl',
    'faviconUrl',
    'id',
    'title',
    'url',
  ]);
  assert.is(shown?.faviconUrl, 'data:,x');
});

urls.run();
