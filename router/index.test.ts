import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const ENTRY = new URL('./index.ts', import.meta.url).pathname;
const ENVIRONMENT = {
  PORT: '0',
  HOST: '127.0.0.1',
  SESSIONS_TABLE: 'sessions',
  PUBLIC_KEYS_TABLE: 'keys',
  // Nothing listens there: a router starts and stops without DynamoDB.
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  AWS_REGION: 'us-west-2',
  AWS_ACCESS_KEY_ID: 'a',
  AWS_SECRET_ACCESS_KEY: 's',
};

const children: ChildProcess[] = [];
function start(env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [ENTRY], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env });
  children.push(child);
  return child;
}

async function startListening(): Promise<{ child: ChildProcess; port: number }> {
  const child = start(ENVIRONMENT);
  const [{ port }] = await once(child, 'message');
  return { child, port };
}

const entry = suite('the router process');

entry.after(() => {
  for (const child of children) child.kill('SIGKILL');
});

entry('names every fault of its configuration and does not start', async () => {
  const child = start({ PORT: 'sekrit' });
  const [out, errors, [code]] = await Promise.all([
    text(child.stdout as Readable),
    text(child.stderr as Readable),
    once(child, 'close'),
  ]);
  assert.is(code, 1);
  assert.equal(JSON.parse(out).faults, [
    'PORT must be a whole number from 0 to 65535',
    'SESSIONS_TABLE is missing',
    'PUBLIC_KEYS_TABLE is missing',
  ]);
  // Nor a line of its source.
  assert.is(errors, '');
});

entry('is healthy without DynamoDB, and ends with 0 on SIGTERM', async () => {
  const { child, port } = await startListening();
  assert.is((await fetch(`http://127.0.0.1:${port}/health`)).status, 200);
  child.kill('SIGTERM');
  assert.equal(await once(child, 'exit'), [0, null]);
});

entry('ends when the process that started it is gone, also with nobody left to read its log', async () => {
  const { child } = await startListening();
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.disconnect();
  assert.equal(await once(child, 'exit'), [0, null]);
});

entry.run();
