import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SESSION_STATUSES, type Session, toPublicStatus } from '../../core/domain/session.ts';
import { UPLOAD } from '../../core/domain/timing.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { publicKeysOf } from '../../core/tokens/tokens.ts';
import { verifyToken } from '../../core/tokens/verify-token.ts';
import { FileNotTakenError } from './send-file.ts';
import { type UploadFileDeps, uploadFile } from './upload-file.ts';

const ID = '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11';
const NOW = new Date('2026-06-01T00:00:00Z');
const FILE = { name: 'a.txt', bytes: Buffer.from('x') };
const keySet = rotateKeySet(undefined, NOW);

const stored = (changes: Partial<Session> = {}): Session =>
  newSession({
    sessionId: ID,
    status: 'READY',
    address: { host: '10.0.0.5', port: 9223 },
    tokenKeyId: keySet.current,
    ...changes,
  });

const unasked = async () => assert.unreachable('the container was asked') as never;

function upload(session: Session | undefined, changes: Partial<UploadFileDeps> = {}) {
  const use = uploadFile({
    getSession: async () => session,
    loadTokenKeys: async () => keySet,
    sendFile: async () => {},
    publicConnectOrigin: undefined,
    now: () => NOW,
    ...changes,
  });
  return use(newRequest({ pathId: ID, body: { file: FILE } }));
}

const uploading = suite('uploadFile');

uploading('says what the browser calls the file, once it lies there', async () => {
  const { status, body } = await upload(stored({ status: 'ACTIVE' }));
  assert.equal([status, body], [200, { message: 'The file is /tmp/.uploads/a.txt' }]);
});

uploading('sends it the way that clients take, with a token for a minute and this session', async () => {
  const sent: unknown[] = [];
  await upload(stored(), {
    publicConnectOrigin: 'wss://browsers.example/connect',
    sendFile: async ({ httpOrigin }, file, token) => {
      sent.push(httpOrigin, file);
      const claims = verifyToken(publicKeysOf(keySet), token, {
        audience: 'upload',
        sessionId: ID,
        now: NOW,
      });
      sent.push(claims.projectId, claims.expiresAt.getTime() - NOW.getTime());
    },
  });
  assert.equal(sent, ['https://browsers.example/connect', FILE, 'p1', UPLOAD.tokenMs]);
});

for (const status of SESSION_STATUSES.filter((each) => each !== 'READY' && each !== 'ACTIVE')) {
  uploading(`is 410 for a session that is ${status}, and says ${toPublicStatus(status)}`, async () => {
    const failure = await appErrorOf(upload(stored({ status }), { sendFile: unasked }));
    assert.equal(
      [failure.status, failure.message],
      [410, `Session ${ID} is not running, it is ${toPublicStatus(status)}`],
    );
  });
}

uploading('is 404 for a session of another project, as for one that never was', async () => {
  const failures = await Promise.all(
    [undefined, stored({ projectId: 'p2' })].map((found) => appErrorOf(upload(found, { sendFile: unasked }))),
  );
  for (const { code, message } of failures)
    assert.equal([code, message], ['SESSION_NOT_FOUND', failures[0]?.message]);
});

for (const [answered, status, code] of [
  [410, 410, 'SESSION_NOT_RUNNING'],
  [413, 413, 'SESSION_FULL_OF_FILES'],
  [507, 413, 'SESSION_FULL_OF_FILES'],
  [401, 502, 'SESSION_UNREACHABLE'],
  [429, 502, 'SESSION_UNREACHABLE'],
  [undefined, 502, 'SESSION_UNREACHABLE'],
] as const) {
  uploading(
    `is ${status} when the container says ${answered ?? 'nothing'}, and keeps its words inside`,
    async () => {
      const sendFile = async () => {
        throw new FileNotTakenError(answered, 'inner words');
      };
      const failure = await appErrorOf(upload(stored(), { sendFile }));
      assert.equal([failure.status, failure.code], [status, code]);
      assert.not.match(failure.message, 'inner');
    },
  );
}

uploading.run();
