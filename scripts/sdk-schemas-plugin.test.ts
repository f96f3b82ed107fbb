import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { EC2Client } from '@aws-sdk/client-ec2';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
// @ts-expect-error plain JavaScript without types
import { bundle } from './bundle.mjs';
// @ts-expect-error plain JavaScript without types
import { inlineKeys } from './sdk-schemas-plugin.mjs';

const ROOT = dirname(import.meta.dirname);

const schemas = suite('schemas of the AWS SDK');

schemas('have the names of their keys written out, and nothing else changed', () => {
  const source = 'const _xN = "xmlName";\nvar A = [0, { [_xN]: _xN, [other]: 1 }, list[_xN]];\n';
  assert.is(
    inlineKeys(source),
    'const _xN = "xmlName";\nvar A = [0, { "xmlName": _xN, [other]: 1 }, list[_xN]];\n',
  );
});

schemas(
  'of operations that are not called are not in a bundle, and the one that is called works',
  async () => {
    const entry = { lookup: 'core/aws/browsers/find-public-address.ts' };
    const { outputFiles } = await bundle(ROOT, entry);
    const code: string = outputFiles.find(({ path }: { path: string }) => path.endsWith('index.js')).text;
    assert.match(code, /DescribeNetworkInterfaces/);
    assert.not.match(code, /AcceptAddressTransfer/);

    const module = { exports: {} as typeof import('../core/aws/browsers/find-public-address.ts') };
    new Function('module', 'require', code)(module, process.getBuiltinModule);
    const server = createServer((request, response) => {
      request.resume();
      response.end(
        '<R><networkInterfaceSet><item><association><publicIp>203.0.113.7</publicIp></association></item></networkInterfaceSet></R>',
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = new EC2Client({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-west-2',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    });
    try {
      const lookup = { client, attempts: 1, pause: async () => {} };
      assert.is(await module.exports.findPublicAddress(lookup, 'eni-1'), '203.0.113.7');
    } finally {
      client.destroy();
      server.closeAllConnections();
      server.close();
    }
  },
);

schemas.run();
