import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
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

const READY = `process.on('SIGTERM', () => process.exit(0)); process.send({ port: 4711 });`;

const t = suite('the router as a process');

t('says where it is, is told what it needs and no more, and ends when it is asked to', () =>
  withFolder(async (folder) => {
    const { router, exits, log } = start(folder, `console.log(JSON.stringify(process.env)); ${READY}`);
    const { connectOrigin, close } = await router;
    assert.is(connectOrigin, 'ws://127.0.0.1:4711/connect');
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

t('is missed when it ends by itself', () =>
  withFolder(async (folder) => {
    const { router, exits, exited } = start(folder, `${READY} setTimeout(() => process.exit(3), 50);`);
    await router;
    await exited;
    assert.equal(exits, [{ code: 3, signal: null }]);
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
