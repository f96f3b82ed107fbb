import { once } from 'node:events';
import { createServer } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { probePort } from './probe-port.ts';

const HOST = '127.0.0.1';
const t = suite('a port');

t('is taken while another process listens on it, and free again when it does not', async () => {
  const port = (await probePort(0, HOST)) ?? 0;
  assert.ok(port > 0);
  const other = createServer().listen(port, HOST);
  await once(other, 'listening');
  assert.is(await probePort(port, HOST), undefined);
  other.close();
  await once(other, 'close');
  assert.is(await probePort(port, HOST), port);
});

t.run();
