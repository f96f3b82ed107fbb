import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultProvider } from './default-provider.ts';

const VARIABLES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
];

const provider = suite('where a bundle has its credentials from');

provider.before.each(() => {
  for (const name of VARIABLES) delete process.env[name];
});

/** The endpoint of a task's role, whose credentials last so long. Tells how often it was asked. */
async function serveRole(lastsMs: number) {
  let asked = 0;
  const server = createServer((_request, response) => {
    const Expiration = new Date(Date.now() + lastsMs).toISOString();
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ AccessKeyId: `key-${++asked}`, SecretAccessKey: 's', Token: 't', Expiration }),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `http://127.0.0.1:${(server.address() as AddressInfo).port}/role`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { close, asked: () => asked };
}

provider("is a function's environment", async () => {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  });
  const { accessKeyId, secretAccessKey, sessionToken } = await defaultProvider()();
  assert.equal([accessKeyId, secretAccessKey, sessionToken], ['id', 'secret', 'token']);
});

provider("is a task's role, asked once as long as its credentials are good", async () => {
  const role = await serveRole(3_600_000);
  try {
    const credentials = defaultProvider();
    assert.is((await credentials()).accessKeyId, 'key-1');
    assert.is((await credentials()).accessKeyId, 'key-1');
    assert.is(role.asked(), 1);
  } finally {
    role.close();
  }
});

provider("is a task's role again, before its credentials end", async () => {
  const role = await serveRole(60_000);
  try {
    const credentials = defaultProvider();
    await credentials();
    const before = role.asked();
    assert.is((await credentials()).accessKeyId, `key-${before + 1}`);
  } finally {
    role.close();
  }
});

provider('is nowhere else', async () => {
  const fault = await defaultProvider()().catch((error: Error) => error.name);
  assert.is(fault, 'CredentialsProviderError');
});

provider.run();
