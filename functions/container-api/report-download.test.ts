import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Download, StoredDownload } from '../../core/domain/download.ts';
import type { Session } from '../../core/domain/session.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { reportDownload } from './report-download.ts';
import { authentication, containerRequest } from './testing/container-request.ts';

const STORED: StoredDownload = {
  id: '00000000-0000-4000-8000-000000000001',
  filename: 'a.csv',
  sizeBytes: 1,
  sha256: 'x',
  finishedAtMs: 1_000,
};

function report(session: Session | undefined, isFree = true) {
  const stored: Download[] = [];
  const answer = reportDownload({
    ...authentication,
    keptDays: 31,
    getSession: async () => session,
    storeDownload: async (download) => {
      if (isFree) stored.push(download);
      return isFree;
    },
  })(containerRequest(STORED));
  return { answer, stored };
}

const reports = suite('reportDownload');

reports('stores a file of the container’s own session, and answers what it is called', async () => {
  const { answer, stored } = report(newSession({ status: 'READY' }));
  assert.equal((await answer).body, { filename: 'a-1000.csv' });
  assert.equal(
    stored.map(({ downloadId, sessionId, projectId }) => [downloadId, sessionId, projectId]),
    [[STORED.id, 's1', 'p1']],
  );
});

reports('is 409 for an id that another session has told of, whose file stays as it is', async () => {
  const { answer, stored } = report(newSession({ status: 'READY' }), false);
  const { status, message } = await appErrorOf(answer);
  assert.equal([status, message], [409, `body/id ${STORED.id} is that of another download`]);
  assert.equal(stored, []);
});

reports('is 404 without a session', async () => {
  assert.is((await appErrorOf(report(undefined).answer)).status, 404);
});

reports.run();
