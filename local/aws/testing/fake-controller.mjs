// Stands in for the controller: listens on its port, starts a "browser" in a group of its own, obeys SIGTERM.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';

const { SESSION_ID, SESSION_ROOT, PROXY_HOST, PROXY_PORT, CHROME_UID, FAKE_MODE } = process.env;
const folder = `${SESSION_ROOT}/${SESSION_ID}`;
mkdirSync(folder, { recursive: true, mode: 0o711 });
const browserScript = 'setInterval(() => {}, 1000)';
const browser = spawn(process.execPath, ['-e', browserScript, '--', `--user-data-dir=${folder}/profile`], {
  detached: true,
  stdio: 'ignore',
  env: {},
  ...(CHROME_UID === undefined ? {} : { uid: Number(CHROME_UID), gid: Number(CHROME_UID) }),
});

const server = createServer((request, response) => {
  if (request.url === '/crash') process.kill(process.pid, 'SIGKILL');
  if (request.url === '/exit') process.exit(7);
  response.end(JSON.stringify({ environment: process.env, browserPid: browser.pid, pid: process.pid }));
});
server.listen(Number(PROXY_PORT), PROXY_HOST, () => console.log(`fake controller of ${SESSION_ID}`));

process.on('SIGTERM', () => {
  if (FAKE_MODE === 'stubborn') return;
  browser.kill('SIGKILL');
  browser.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
});
