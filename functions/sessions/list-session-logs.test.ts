import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Session } from '../../core/domain/session.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { listSessionLogs } from './list-session-logs.ts';

const ID = '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11';
const logs = suite('listSessionLogs');

const list = (session: Session | undefined, segments: Readonly<Record<string, string>> = {}) =>
  listSessionLogs({
    getSession: async () => session,
    listSegments: async () => Object.keys(segments),
    openSegment: async (key) => Readable.from([gzipSync(segments[key] ?? '')]),
  })(newRequest({ pathId: ID }));

logs('has the rows that are stored, while the session runs and after it', async () => {
  for (const status of ['ACTIVE', 'STOPPED', 'FAILED'] as const) {
    const answer = await list(newSession({ sessionId: ID, status }), { a: '{"n":1}\n', b: '{"n":2}\n' });
    assert.is(answer.status, 200);
    assert.is(await text(answer.stream as Readable), '[{"n":1},{"n":2}]');
  }
});

logs('is empty where nothing is stored', async () => {
  const { stream } = await list(newSession({ sessionId: ID }));
  assert.is(await text(stream as Readable), '[]');
});

logs('is 404 for a session of another project, as for one that is not there', async () => {
  for (const found of [undefined, newSession({ sessionId: ID, projectId: 'p9' })]) {
    const { code, message } = await appErrorOf(list(found));
    assert.equal([code, message], ['SESSION_NOT_FOUND', `No session ${ID} in this project`]);
  }
});

logs.run();
