/**
 * The least that a session's container can be: a Node of its own that starts a Chrome, says when that can be driven, and
 * answers a claim. It is given JSON: {executable, flags, user, readyUrl}; {folder} in a flag is a folder of its own. It ends
 * when its standard input does.
 */
const { spawn } = require('node:child_process');
const { chownSync, mkdtempSync, rmSync } = require('node:fs');
const http = require('node:http');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const { executable, flags, user, readyUrl } = JSON.parse(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), 'bench-floor-'));
if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);

const chrome = spawn(
  executable,
  flags.map((flag) => flag.replace('{folder}', folder)),
  {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { HOME: folder, TMPDIR: folder, PATH: process.env.PATH },
    ...user,
  },
);
const server = http.createServer((_request, response) => response.end());
server.listen(0, '127.0.0.1');

let said = '';
chrome.stderr.on('data', (chunk) => {
  said += chunk;
  const url = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
  if (url === undefined) return;
  chrome.stderr.removeAllListeners('data').resume();
  const claimUrl = `http://127.0.0.1:${server.address().port}/`;
  http.request(readyUrl, { method: 'POST' }).end(JSON.stringify({ url, claimUrl }));
});

function end() {
  try {
    process.kill(-chrome.pid, 'SIGKILL');
  } catch (error) {
    // It has ended by itself.
    if (error.code !== 'ESRCH') throw error;
  }
}
chrome.once('exit', () => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  process.exit();
});
process.stdin.resume().once('end', end);
