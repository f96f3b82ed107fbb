import { buildZip } from '../../../core/extension-zip/testing/build-zip.ts';

const MANIFEST = {
  manifest_version: 3,
  name: 'takes all that it can get',
  version: '1',
  permissions:
    `browsingData contentSettings cookies debugger declarativeNetRequest downloads history management
    nativeMessaging pageCapture privacy proxy storage tabs unlimitedStorage`.split(/\s+/),
  host_permissions: ['<all_urls>', 'file:///*'],
  background: { service_worker: 'sw.js' },
};

/** The zip of an extension with every permission. Its page, `page.html`, has them as its worker has, and does not go to sleep. */
export const greedyExtension = (): Buffer =>
  buildZip([
    { name: 'manifest.json', content: JSON.stringify(MANIFEST) },
    { name: 'page.html', content: '<title>all</title>' },
    { name: 'sw.js', content: '' },
  ]);
