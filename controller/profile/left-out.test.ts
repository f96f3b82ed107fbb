import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isLeftOut } from './left-out.ts';

const leftOut = suite('what of a profile is left out');

for (const [what, paths] of [
  [
    'caches',
    ['Default/Cache', 'Default/Code Cache/js', 'ShaderCache', 'Default/Service Worker/x/GPUCache/data_0'],
  ],
  ['the tabs of the last run', ['Default/Sessions/Tabs_1', 'Default/Last Session', 'Profile 1/Current Tabs']],
  [
    'locks of a process that is gone',
    ['SingletonLock', 'SingletonCookie', 'Default/Local Storage/leveldb/LOCK'],
  ],
  ['locks that another version has', ['SingletonAnything']],
  ['reports about the browser itself', ['Crashpad/reports/x.dmp', 'BrowserMetrics-spare.pma']],
  [
    'what Chrome fetches again',
    ['Safe Browsing/UrlMalware.store', 'WidevineCdm/4.10/lib.so', 'hyphen-data/1/x.hyb'],
  ],
] as const) {
  leftOut(`are ${what}`, () => {
    for (const path of paths) assert.ok(isLeftOut(path), path);
  });
}

leftOut('is nothing that a login or a site needs', () => {
  for (const path of [
    'Local State',
    'First Run',
    'Default',
    'Default/Cookies',
    'Default/Cookies-journal',
    'Default/Login Data',
    'Default/Preferences',
    'Default/History',
    'Default/Web Data',
    'Default/Local Storage/leveldb/000003.log',
    'Default/IndexedDB/https_site.example_0.indexeddb.leveldb/CURRENT',
    'Default/Service Worker/Database/MANIFEST-000001',
    'Default/Session Storage/000003.log',
    'Default/Network Persistent State',
  ])
    assert.not.ok(isLeftOut(path), path);
});

leftOut('is known by whole names, whose letters count', () => {
  for (const path of [
    'Default/Cached',
    'Default/MyCache',
    'Default/cache',
    'Default/LOCKED',
    'crashpad',
    'AnySingleton',
  ])
    assert.not.ok(isLeftOut(path), path);
});

leftOut('is not a folder of a site that has the name of a download of Chrome’s', () => {
  assert.ok(isLeftOut('Variations'));
  for (const path of ['Default/File System/Variations', 'Default/IndexedDB/Safe Browsing/x'])
    assert.not.ok(isLeftOut(path), path);
});

leftOut('is not the profile itself', () => {
  assert.not.ok(isLeftOut(''));
});

leftOut.run();
