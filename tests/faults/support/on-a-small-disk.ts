/**
 * One restore and one save on a disk that is too small for them, which is mounted for this process alone. Says how each
 * ended as a line of JSON. `FOLDER` is where the disk is to be.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { persistProfile } from '../../../controller/profile/persist-profile.ts';
import { restoreProfile } from '../../../controller/profile/restore-profile.ts';
import { archiveOf } from '../../../controller/testing/tar-archive.ts';
import { systemClock } from '../../../core/clock/system-clock.ts';
import { NO_ARCHIVE } from '../../../core/domain/profile-save.ts';

const root = process.env.FOLDER ?? '';
const DISK_BYTES = 8 * 1024 * 1024;
const folder = { profile: join(root, 'profile'), controller: join(root, 'own') };
const puts: number[] = [];
// In hex, so that it is larger on the disk than on its way.
const large = archiveOf([{ path: 'Default/History', body: randomBytes(DISK_BYTES).toString('hex') }]);
const server = createServer((request, response) => {
  if (request.method === 'GET') return response.end(large);
  request.resume().once('end', () => {
    puts.push(1);
    response.end();
  });
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const deps = {
  api: { signProfileDownload: async () => url, signProfileSave: async () => ({ url, headers: {} }) },
  sessionId: 's',
  replaces: NO_ARCHIVE,
  onReplaced: () => undefined,
  folder,
  clock: systemClock,
  backoff: [0],
};
const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: Error) => `${error.name}: ${error.message}`,
  );

mkdirSync(folder.profile);
const restored = await outcomeOf(restoreProfile(deps, {}));
rmSync(folder.profile, { recursive: true });
mkdirSync(folder.profile);
writeFileSync(join(folder.profile, 'History'), randomBytes(DISK_BYTES * 0.7));
const saved = await outcomeOf(persistProfile(deps));
console.log(JSON.stringify({ restored, saved, puts: puts.length, profile: readdirSync(folder.profile) }));
server.close();
