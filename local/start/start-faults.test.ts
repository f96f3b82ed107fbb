import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejectionOf } from '../aws/testing/serve-services.ts';
import { takeDataLock } from '../data/data-lock.ts';
import { openFront } from '../front/open-front.ts';
import { aboutDataFolder, aboutDynamodb, aboutPort, withSentence } from './start-faults.ts';

const failing = (code: string) => () => Promise.reject(Object.assign(new Error('raw'), { code }));

const t = suite('why a machine does not start');

t('a port that another process has names PORT', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const where = { host: '127.0.0.1', port: (other.address() as AddressInfo).port };
  const { name, message } = await rejectionOf(withSentence(() => openFront(where), aboutPort(where)));
  assert.equal([name, message], ['StartFault', `Port ${where.port} is in use: set PORT to another one`]);
  other.close();
});

t('an address that this machine has not names HOST', async () => {
  const where = { host: '192.0.2.1', port: 0 };
  const { message } = await rejectionOf(withSentence(() => openFront(where), aboutPort(where)));
  assert.match(message, /^192\.0\.2\.1 is no address of this machine: set HOST /);
});

t('a port of root alone names PORT', async () => {
  const say = aboutPort({ host: '127.0.0.1', port: 80 });
  const { message } = await rejectionOf(withSentence(failing('EACCES'), say));
  assert.is(message, 'Port 80 is for root alone: set PORT to one from 1024 on');
});

t('a data folder that is a file, or may not be written, names WALLCRAWLER_DATA_DIR', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const say = aboutDataFolder(file);
  const taken = await rejectionOf(withSentence(() => takeDataLock(join(file, 'below')), say));
  assert.match(taken.message, /is no folder \(ENOTDIR\): .*WALLCRAWLER_DATA_DIR/);
  for (const code of ['EACCES', 'EROFS', 'ENOSPC']) {
    const { message } = await rejectionOf(withSentence(failing(code), say));
    assert.match(message, new RegExp(`${code}.*WALLCRAWLER_DATA_DIR`));
  }
  rmSync(folder, { recursive: true });
});

t('a DynamoDB that does not answer names its variable, also where the code lies in a cause', async () => {
  const say = aboutDynamodb('http://127.0.0.1:1');
  const wrapped = () =>
    Promise.reject(new Error('x', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }));
  for (const work of [failing('ECONNREFUSED'), failing('ENOTFOUND'), wrapped]) {
    const { message } = await rejectionOf(withSentence(work, say));
    assert.match(
      message,
      /^DynamoDB does not answer at http:\/\/127\.0\.0\.1:1 .*WALLCRAWLER_DYNAMODB_ENDPOINT$/,
    );
  }
});

t('what is none of these is thrown as it is', async () => {
  assert.is((await rejectionOf(withSentence(failing('EPIPE'), aboutDataFolder('/x')))).message, 'raw');
  assert.is(
    (await rejectionOf(withSentence(failing('ECONNREFUSED'), aboutDynamodb(undefined)))).message,
    'raw',
  );
});

t.run();
