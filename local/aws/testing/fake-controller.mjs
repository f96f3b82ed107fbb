// Stands in for the controller: listens on its port, starts a "browser" in a group of its own, obeys SIGTERM.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';

const { SESSION_ID, SESSION_ROOT, PROXY_HOST, PROXY_PORT, CHROME_UID, FAKE_MODE } = process.env;
const folder = `${SESSION_ROOT}/${SESSION_ID}`;
mkdirSync(folder, { recursive: true, mode: 0o711 });
// A program of the system, as Chrome is: another user may not be able to enter the folder that our own Node is in.
const browser = spawn(
  '/bin/sh',
  ['-c', 'while :; do sleep 1; done', 'sh', `--user-data-dir=${folder}/profile`],
  {
    detached: true,
    stdio: 'ignore',
    env: {},
    ...(CHROME_UID === undefined ? {} : { uid: Number(CHROME_UID), gid: Number(CHROME_UID) }),
  },
);

const server = createServer((request, response) => {
  if (request.url === '/crash') process.kill(process.pid, 'SIGKILL');
  if (request.url === '/exit') process.exit(7);
  response.end(JSON.stringify({ environment: process.env, browserPid: browser.pid, pid: process.pid }));
});
server.listen(Number(PROXY_PORT), PROXY_HOST, () => console.log(`fake controller of ${SESSION_ID}`));

process.on('SIGTERM', () => {
  if (FAKE_MODE === 'stubborn') return;
  process.kill(-browser.pid, 'SIGKILL');
  browser.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
});
