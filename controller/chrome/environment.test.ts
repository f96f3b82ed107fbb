import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { chromeEnvironment } from './environment.ts';

const environment = suite("Chrome's environment");

const FOLDERS = {
  browser: '/srv/s-1/browser',
  home: '/srv/s-1/browser/home',
  tmp: '/srv/s-1/browser/tmp',
  config: '/srv/s-1/browser/config',
};

environment('holds nothing of the controller’s, whatever that has', () => {
  const before = chromeEnvironment(FOLDERS);
  process.env.CONTROLLER_TOKEN = 'the-secret';
  process.env.XDG_CONFIG_HOME = '/of/the/controller';
  try {
    assert.equal(chromeEnvironment(FOLDERS), before);
    assert.not.match(JSON.stringify(chromeEnvironment(FOLDERS)), /the-secret|of\/the\/controller/);
  } finally {
    delete process.env.CONTROLLER_TOKEN;
    delete process.env.XDG_CONFIG_HOME;
  }
});

environment('has every folder to write to inside the browser’s own', () => {
  const env = chromeEnvironment(FOLDERS);
  for (const name of [
    'HOME',
    'TMPDIR',
    'XDG_CONFIG_HOME',
    'XDG_CACHE_HOME',
    'XDG_DATA_HOME',
    'XDG_RUNTIME_DIR',
  ])
    assert.match(path.resolve(FOLDERS.browser, env[name] ?? '/'), /^\/srv\/s-1\/browser\//, name);
});

environment(
  'names the temporary folder shortly, and without a step up, by which Chrome opens no file',
  () => {
    const deep = `/${'deep/'.repeat(30)}s-1/browser`;
    const { TMPDIR = '' } = chromeEnvironment({ ...FOLDERS, browser: deep, tmp: `${deep}/tmp` });
    assert.is(TMPDIR, 'tmp');
  },
);

environment('reaches no bus of the host', () => {
  const { DBUS_SESSION_BUS_ADDRESS, DBUS_SYSTEM_BUS_ADDRESS } = chromeEnvironment(FOLDERS);
  assert.equal([DBUS_SESSION_BUS_ADDRESS, DBUS_SYSTEM_BUS_ADDRESS], Array(2).fill('unix:path=/dev/null'));
});

environment.run();
