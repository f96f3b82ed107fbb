import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const ENTRY = new URL('./index.ts', import.meta.url).pathname;

const entry = suite('the controller process');

entry('names every fault of its configuration in one line, and does not start', async () => {
  const env = { SESSION_ID: 's-1', CONTROLLER_TOKEN: 'sekrit', PROXY_PORT: 'sekrit' };
  const child = spawn(process.execPath, [ENTRY], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const [out, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  assert.is(code, 1);
  const { level, faults } = JSON.parse(out);
  assert.is(level, 'error');
  assert.ok(faults.includes('CONTAINER_API_URL is missing'), out);
  assert.ok(faults.includes('PROXY_PORT must be a whole number from 0 to 65535'), out);
  assert.not.match(out, 'sekrit');
  assert.is(errors, '');
});

entry.run();
