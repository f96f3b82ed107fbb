import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ARTIFACT_STORE } from '../../domain/timing.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createArtifactsBucket } from './artifacts-bucket.ts';
import { askStore } from './ask-store.ts';
import { deleteArtifact } from './delete-artifact.ts';
import { listArtifacts } from './list-artifacts.ts';
import { openArtifact } from './open-artifact.ts';
import { putArtifact } from './put-artifact.ts';
import { StoreDownError } from './store-down-error.ts';

const asked = suite('the store of files');

/** What each of our calls makes of a store that answers so. */
async function outcomes(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'AKIA1', secretAccessKey: 's' };
  const bucket = createArtifactsBucket('b', true, {
    endpoint,
    credentials,
    region: 'us-west-2',
    maxAttempts: 1,
  });
  const calls = [
    putArtifact(bucket, 'k', Buffer.from('x')),
    openArtifact(bucket, 'k'),
    listArtifacts(bucket, 'p/'),
    deleteArtifact(bucket, 'k'),
  ];
  const faults = await Promise.all(
    calls.map((call) =>
      call.then(
        () => 'done',
        (error: Error) => error.name,
      ),
    ),
  );
  bucket.client.destroy();
  server.closeAllConnections();
  server.close();
  return faults;
}

const DOWN = Array(4).fill('StoreDownError');

asked('is down when it says so', async () => {
  const answer: RequestListener = (_, response) =>
    response.writeHead(503).end('<Error><Code>SlowDown</Code></Error>');
  assert.equal(await outcomes(answer), DOWN);
});

asked('is down when it cuts the connection', async () => {
  assert.equal(await outcomes((request) => request.socket.destroy()), DOWN);
});

asked('is not down when it refuses', async () => {
  const answer: RequestListener = (_, response) =>
    response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
  assert.equal(await outcomes(answer), Array(4).fill('AccessDenied'));
});

asked('is down when it says nothing for too long, and what was asked is given up', async () => {
  let isGivenUp = false;
  const silent = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        isGivenUp = true;
        reject(new Error('aborted'));
      });
    });
  const clock = createManualClock();
  const asking = askStore(silent, clock).catch((error: unknown) => error);
  clock.advance(ARTIFACT_STORE.answerMs);
  assert.instance(await asking, StoreDownError);
  assert.ok(isGivenUp);
});

asked('may take its time for a body, once its answer has begun', async () => {
  let wasAborted = false;
  const clock = createManualClock();
  await askStore(async (signal) => {
    signal.addEventListener('abort', () => {
      wasAborted = true;
    });
  }, clock);
  clock.advance(2 * ARTIFACT_STORE.answerMs);
  assert.is(wasAborted, false);
});

asked.run();
