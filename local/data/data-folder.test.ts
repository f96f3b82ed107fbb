import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withFolder } from '../aws/testing/serve-services.ts';
import { loadCredentials } from './credentials.ts';
import { openDataFolder } from './data-folder.ts';
import { findEndpoint, publishEndpoint } from './published-endpoint.ts';

const t = suite('the data folder');

t('has a folder for each stand-in, which only its owner may look into', () =>
  withFolder(async (dataDir) => {
    const folders = Object.values(openDataFolder(dataDir));
    assert.is(new Set(folders).size, 6);
    for (const folder of folders) assert.is(statSync(folder).mode & 0o777, 0o700, folder);
  }),
);

t('keeps what is there, and closes what has become open to others', () =>
  withFolder(async (dataDir) => {
    const { objects } = openDataFolder(dataDir);
    writeFileSync(join(objects, 'kept'), '');
    chmodSync(objects, 0o755);
    openDataFolder(dataDir);
    assert.ok(existsSync(join(objects, 'kept')));
    assert.is(statSync(objects).mode & 0o777, 0o700);
  }),
);

t('has credentials that are made once, for its owner alone', () =>
  withFolder(async (dataDir) => {
    const { state } = openDataFolder(dataDir);
    const credentials = loadCredentials(state);
    assert.match(credentials.accessKeyId, /^AKIA[0-9A-F]{16}$/);
    assert.ok(credentials.secretAccessKey.length >= 40);
    assert.equal(loadCredentials(state), credentials);
    assert.is(statSync(join(state, 'credentials.json')).mode & 0o777, 0o600);
  }),
);

t('tells where the stand-ins are, as long as the process that serves them runs', () =>
  withFolder(async (dataDir) => {
    const { state } = openDataFolder(dataDir);
    assert.is(findEndpoint(state), undefined);
    publishEndpoint(state, 'http://127.0.0.1:1');
    assert.is(findEndpoint(state), 'http://127.0.0.1:1');
    const dead = { endpoint: 'http://127.0.0.1:2', owner: { pid: process.pid, begun: 'long ago' } };
    writeFileSync(join(state, 'endpoint.json'), JSON.stringify(dead));
    assert.is(findEndpoint(state), undefined);
  }),
);

t.run();
