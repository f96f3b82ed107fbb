import { buildZip } from '../../core/extension-zip/testing/build-zip.ts';

const MANIFEST = { manifest_version: 3, name: 'Goes direct', version: '1', permissions: ['proxy'] };

/** An extension that takes the browser's proxy away, and then asks for `http://<target>/extension`. */
export const directExtension = (target: string): Buffer =>
  buildZip([
    {
      name: 'manifest.json',
      content: JSON.stringify({
        ...MANIFEST,
        host_permissions: ['<all_urls>'],
        background: { service_worker: 'worker.js' },
      }),
    },
    {
      name: 'worker.js',
      content: `const ask = () => fetch('http://${target}/extension').catch(() => 0);
chrome.proxy.settings.set({ value: { mode: 'direct' }, scope: 'regular' }, ask);`,
    },
  ]);
