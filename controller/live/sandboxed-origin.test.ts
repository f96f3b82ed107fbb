import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withStorage } from './sandboxed-origin.ts';

const sandboxedOrigin = suite('a page of the frontend in an origin of its own');

sandboxedOrigin('has a storage before anything else runs, and stays in standards mode', () => {
  const page = withStorage(
    Buffer.from('<!-- whose -->\n<!DOCTYPE html>\n<html lang="ä"><script src="x.js"></script>'),
  ).toString();
  assert.match(page, /^<!-- whose -->\n<!DOCTYPE html><script>/);
  assert.ok(page.indexOf("'localStorage'") < page.indexOf('x.js'));
  assert.match(page, '<html lang="ä">');
});

sandboxedOrigin('a storage behaves as one', () => {
  const [, script = ''] = /<script>(.*)<\/script>/s.exec(withStorage(Buffer.from('')).toString()) ?? [];
  const window: { localStorage?: Storage; sessionStorage?: Storage } = {};
  new Function('window', script)(window);
  const { localStorage, sessionStorage } = window as { localStorage: Storage; sessionStorage: Storage };
  localStorage.setItem('a', 1 as unknown as string);
  assert.equal([localStorage.getItem('a'), localStorage.length, localStorage.key(0)], ['1', 1, 'a']);
  assert.is(sessionStorage.getItem('a'), null);
  localStorage.clear();
  assert.equal([localStorage.getItem('a'), localStorage.key(0)], [null, null]);
});

sandboxedOrigin('has no caches, and looking for them does not throw', () => {
  const [, script = ''] = /<script>(.*)<\/script>/s.exec(withStorage(Buffer.from('')).toString()) ?? [];
  const window = {
    get caches(): never {
      throw new DOMException('Cache storage is disabled because the context is sandboxed', 'SecurityError');
    },
  };
  // As in Chrome, where the getter is the prototype's.
  const page = Object.create(window) as { caches?: unknown };
  new Function('window', script)(page);
  assert.is(page.caches, undefined);
});

sandboxedOrigin.run();
