import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isJsonCommand, jsonEndpointOf, readAppendedPath } from './json-endpoints.ts';

const endpoints = suite('what Chrome answers by HTTP');

endpoints('is two questions, with and without the slash that Playwright puts behind them', () => {
  for (const path of ['/json/version', '/json/version/']) assert.is(jsonEndpointOf(path), 'version', path);
  for (const path of ['/json', '/json/', '/json/list', '/json/list/'])
    assert.is(jsonEndpointOf(path), 'list', path);
  for (const path of ['/', '/json/new', '/json/versions', '/x/json/list', '/json//list', '/JSON'])
    assert.is(jsonEndpointOf(path), null, path);
});

endpoints('has more, which are known and not served', () => {
  for (const path of ['/json/new', '/json/activate/A', '/json/close/A', '/json/protocol', '/json/protocol/'])
    assert.ok(isJsonCommand(path), path);
  for (const path of ['/json/version', '/json/list', '/json/newer', '/json'])
    assert.not.ok(isJsonCommand(path), path);
});

endpoints('is found behind the key, where older clients write it', () => {
  const read = (url: string) => readAppendedPath(new URL(url, 'http://h')).href;
  for (const [written, meant] of [
    ['/connect?signingKey=a.b-c_d/json/version/', '/connect/json/version?signingKey=a.b-c_d'],
    ['/?signingKey=a.b/json/version', '/json/version?signingKey=a.b'],
    ['/connect/?x=1&signingKey=a.b/json/version/', '/connect/json/version?x=1&signingKey=a.b'],
  ] as const)
    assert.is(read(written), `http://h${meant}`);
  for (const url of ['/connect?signingKey=a.b', '/json/version?signingKey=a', '/connect?x=/json/version/'])
    assert.is(read(url), `http://h${url}`, url);
});

endpoints.run();
