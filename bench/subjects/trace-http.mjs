/**
 * Loaded into a process before anything else (`--import`): notes each HTTP request that it serves, with its beginning and
 * its end, in the file of BENCH_TRACE. Node tells of them by itself, so that nothing of the product knows of it.
 */
import { subscribe } from 'node:diagnostics_channel';
import { createWriteStream } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const path = process.env.BENCH_TRACE;
if (isMainThread && path !== undefined) {
  const file = createWriteStream(path, { flags: 'a' });
  const begun = new WeakMap();
  const now = () => performance.timeOrigin + performance.now();
  subscribe('http.server.request.start', ({ request }) => void begun.set(request, now()));
  subscribe('http.server.response.finish', ({ request, response }) => {
    const { method, url, headers } = request;
    const operation = headers['x-amz-target']?.split('.').at(-1);
    // Keys travel in queries.
    const entry = { method, path: url?.split('?')[0], operation, status: response.statusCode };
    file.write(`${JSON.stringify({ ...entry, beganMs: begun.get(request), endedMs: now() })}\n`);
  });
}
