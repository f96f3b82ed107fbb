import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Part, partOf, routerTarget } from './part-of.ts';

const t = suite('what stands behind the one port');

const PARTS: readonly (readonly [target: string, part: Part])[] = [
  ['/connect?signingKey=x', 'router'],
  ['/connect/live/token/devtools/inspector.html', 'router'],
  ['/json/version/?signingKey=x', 'router'],
  ['/json?signingKey=x', 'router'],
  ['/live/token/json/list', 'router'],
  ['/s3/bucket/key', 'storage'],
  ['/v1/sessions', 'api'],
  ['/internal/sessions/s1/ready', 'api'],
  ['/connection', 'api'],
  ['/jsonp', 'api'],
  ['/s3', 'api'],
  ['/', 'api'],
  ['*', 'api'],
];
for (const [target, part] of PARTS) t(`${target} is for the ${part}`, () => assert.is(partOf(target), part));

t("Chrome's own paths are below the router's, and the router's stay as they are", () => {
  assert.is(routerTarget('/connect?signingKey=x'), '/connect?signingKey=x');
  assert.is(routerTarget('/connect/live/t/x'), '/connect/live/t/x');
  assert.is(routerTarget('/?signingKey=x'), '/connect/?signingKey=x');
  assert.is(routerTarget('/devtools/browser/id?signingKey=x'), '/connect/devtools/browser/id?signingKey=x');
  assert.is(routerTarget('/connection'), '/connect/connection');
});

t.run();
