import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULT_VIEWPORT } from '../../core/domain/container-settings.ts';
import { chromeFlags, type FlagOptions, WINDOW_FRAME_HEIGHT } from './flags.ts';

const flags = suite('chromeFlags');

const options: FlagOptions = {
  profileFolder: '/s/profile',
  viewport: DEFAULT_VIEWPORT,
  userAgent: 'Mozilla/5.0 Chrome/150.0.0.0',
  ignoreCertificateErrors: false,
  hasSandbox: true,
  hasSharedMemory: true,
};

flags('gives every flag once, so that none hides another', () => {
  const names = chromeFlags({ ...options, hasSandbox: false }).map((flag) => flag.split('=')[0]);
  assert.equal(names.length, new Set(names).size);
});

flags('merges all disabled features into one flag', () => {
  const [merged, ...others] = chromeFlags(options).filter((flag) => flag.startsWith('--disable-features='));
  assert.equal(others, []);
  for (const feature of ['WebUIOmniboxPopup', 'SpareRendererForSitePerProcess', 'HttpsUpgrades']) {
    assert.ok(merged?.includes(feature), feature);
  }
});

flags('names the browser as it was told to', () => {
  assert.ok(chromeFlags(options).includes('--user-agent=Mozilla/5.0 Chrome/150.0.0.0'));
});

flags('leads to a proxy alone, by a name that is known with its port only', () => {
  const egress = { name: 'wc-1', host: '127.0.0.1', port: 9, sides: 2 };
  const besides = chromeFlags({ ...options, egress }).filter((flag) => !chromeFlags(options).includes(flag));
  assert.equal(besides, [
    '--proxy-server=http://wc-1:9',
    '--proxy-bypass-list=<-loopback>',
    '--host-resolver-rules=MAP wc-1:9 127.0.0.1:9,MAP wc-1-2:9 127.0.0.2:9,MAP wc-1-3:9 127.0.0.3:9,MAP * ~NOTFOUND',
    '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  ]);
});

flags('ends with one blank page', () => {
  assert.equal(chromeFlags(options).at(-1), 'about:blank');
});

flags('makes the window higher than the page by its frame', () => {
  const given = chromeFlags({ ...options, viewport: { width: 900, height: 500 } });
  assert.ok(given.includes(`--window-size=900,${500 + WINDOW_FRAME_HEIGHT}`));
});

flags('makes the screen at least as large as the window', () => {
  const given = chromeFlags({ ...options, viewport: { width: 3840, height: 2160 } });
  assert.ok(given.includes(`--screen-info={3840x${2160 + WINDOW_FRAME_HEIGHT}}`));
});

flags('turns the sandbox off only when told to', () => {
  assert.not.ok(chromeFlags(options).includes('--no-sandbox'));
  assert.ok(chromeFlags({ ...options, hasSandbox: false }).includes('--no-sandbox'));
});

flags('avoids a small /dev/shm', () => {
  assert.not.ok(chromeFlags(options).includes('--disable-dev-shm-usage'));
  assert.ok(chromeFlags({ ...options, hasSharedMemory: false }).includes('--disable-dev-shm-usage'));
});

flags('accepts bad certificates only when told to', () => {
  assert.not.ok(chromeFlags(options).includes('--ignore-certificate-errors'));
  assert.ok(
    chromeFlags({ ...options, ignoreCertificateErrors: true }).includes('--ignore-certificate-errors'),
  );
});

flags.run();
