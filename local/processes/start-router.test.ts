import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { type AddressInfo, connect, createServer, Socket } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { awaitCondition } from '../aws/testing/await-condition.ts';
import { rejectionOf, withFolder } from '../aws/testing/serve-services.ts';
import { RouterNotStarted, startRouter } from './start-router.ts';

/** A bundle that runs `script`, started as a router. `exits` has what ended by itself. */
function start(folder: string, script: string) {
  const bundle = join(folder, 'router.cjs');
  writeFileSync(bundle, script);
  const exits: unknown[] = [];
  const { promise: exited, resolve } = Promise.withResolvers<void>();
  const router = startRouter({
    bundle,
    host: '127.0.0.1',
    environment: { SESSIONS_TABLE: 'sessions' },
    logFile: join(folder, 'router.log'),
    onUnexpectedExit(how) {
      exits.push(how);
      resolve();
    },
  });
  return { router, exits, exited, log: () => readFileSync(join(folder, 'router.log'), 'utf8') };
}

const READY = `setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit(0)); process.send({ port: 4711 });`;

const t = suite('the router as a process');

t('says where it is, is told what it needs and no more, and ends when it is asked to', () =>
  withFolder(async (folder) => {
    const { router, exits, log } = start(folder, `console.log(JSON.stringify(process.env)); ${READY}`);
    const { port, close } = await router;
    assert.is(port(), 4711);
    await close();
    assert.equal(exits, []);
    const env = JSON.parse(log().slice(log().indexOf('{'), log().lastIndexOf('}') + 1));
    assert.is(env.SESSIONS_TABLE, 'sessions');
    assert.is(env.PORT, '0');
    assert.is(env.PATH, undefined);
  }),
);

t('is killed when it does not end', () =>
  withFolder(async (folder) => {
    const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.send({ port: 1 });`;
    const { router, exits } = start(folder, stubborn);
    await (await router).close();
    assert.equal(exits, []);
  }),
);

t('is missed when it ends by itself, and another one takes its place', () =>
  withFolder(async (folder) => {
    const mortal = `const fs = require('node:fs'); const again = fs.existsSync('${folder}/ran'); fs.writeFileSync('${folder}/ran', '');
      ${READY.replace('4711', 'again ? 4712 : 4711')}
      if (!again) setTimeout(() => process.exit(3), 50);`;
    const { router, exits, exited } = start(folder, mortal);
    const { port, take, close } = await router;
    await exited;
    assert.equal(exits, [{ code: 3, signal: null }]);
    assert.is(port(), undefined);
    assert.is(take(new Socket(), ''), false, 'nobody is there to take a client');
    await awaitCondition(() => port() === 4712, 'another router is there');
    await close();
    assert.equal(exits, [{ code: 3, signal: null }]);
  }),
);

t('takes a client that this process has accepted, with what it has sent so far', () =>
  withFolder(async (folder) => {
    const echo = `process.on('message', ({ sent }, client) => client.end('taken: ' + sent)); ${READY}`;
    const { take, close } = await start(folder, echo).router;
    const server = createServer((client) => take(client, 'GET / \u00e9')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [answer] = await once(client, 'data');
    assert.is(String(answer), 'taken: GET / \u00e9');
    await once(client, 'close');
    server.close();
    await close();
  }),
);

t('takes clients with it when it ends by itself, and whoever had accepted them can still stop', () =>
  withFolder(async (folder) => {
    const mortal = `process.on('message', (_, client) => client.write('taken', () => process.exit(3))); ${READY}`;
    const { router, exited } = start(folder, mortal);
    const { take, close } = await router;
    const server = http.createServer().on('upgrade', (_, client: Socket) => take(client, ''));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1').resume();
    client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await Promise.all([once(client, 'close'), exited]);
    const closed = once(server, 'close');
    server.close();
    await closed;
    await close();
  }),
);

t('that ends before it is ready is told of with its log', () =>
  withFolder(async (folder) => {
    const { router } = start(folder, `throw new Error('a table is missing');`);
    const error = await rejectionOf(router);
    assert.instance(error, RouterNotStarted);
    assert.is(error.message, `The router ended while starting: see ${join(folder, 'router.log')}`);
  }),
);

t.run();
