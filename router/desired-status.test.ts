import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDesiredStatus } from './desired-status.ts';

const t = suite('the desired status of the task');

t('is read from the metadata of ECS, and one that cannot be read is a fault', async () => {
  const answers = ['{"DesiredStatus":"RUNNING","KnownStatus":"RUNNING"}', '{"DesiredStatus":"STOPPED"}', ''];
  const paths: (string | undefined)[] = [];
  const server = http.createServer((request, response) => {
    paths.push(request.url);
    const answer = answers.shift();
    response.writeHead(answer === '' ? 503 : 200).end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const isStopping = createDesiredStatus(`http://127.0.0.1:${port}/v4/abc`, 1_000);
    assert.is(await isStopping(), false);
    assert.is(await isStopping(), true);
    const fault = await isStopping().catch((error: Error) => error.message);
    assert.is(fault, "The task's metadata are answered with 503");
    assert.equal(paths, Array(3).fill('/v4/abc/task'));
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

t.run();
