import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withFolder } from '../testing/serve-services.ts';
import { containerCommand, ImageNotUsable, removeContainer, requireImage } from './task-container.ts';

/** An engine that notes its arguments and ends as it is told. */
function fakeEngine(folder: string, { code = 0, says = '' } = {}) {
  const command = join(folder, 'engine');
  const notes = join(folder, 'notes');
  writeFileSync(command, `#!/bin/sh\necho "$@" >> '${notes}'\necho '${says}' >&2\nexit ${code}\n`);
  chmodSync(command, 0o755);
  return { engine: [command, 'docker'], calls: () => readFileSync(notes, 'utf8').trim().split('\n') };
}

async function rejectionOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not reject');
}

const t = suite('task container');

const image = {
  name: 'browser:1',
  engine: ['sudo', 'docker'],
  engineEnvironment: { DOCKER_HOST: 'unix:///x' },
};

t('is as closed as the task definition makes it', () => {
  const { command, args } = containerCommand(image, { name: 'wc1-20000', environment: {} });
  assert.is(command, 'sudo');
  assert.equal(args.slice(0, 5), ['docker', 'run', '--rm', '--name', 'wc1-20000']);
  assert.is(args.at(-1), 'browser:1');
  const line = args.join(' ');
  for (const part of ['--read-only', '--security-opt no-new-privileges', '--cap-drop ALL', '--pull never']) {
    assert.ok(line.includes(part), part);
  }
});

t('gets its environment without a value on any command line, and nothing of the engine', () => {
  const environment = { SESSION_ID: 's', CONTROLLER_TOKEN: 'secret' };
  const { args, env } = containerCommand(image, { name: 'n', environment });
  const given = args.filter((_, index) => args[index - 1] === '--env');
  assert.equal(given, ['SESSION_ID', 'CONTROLLER_TOKEN']);
  assert.not.match(args.join(' '), /secret|unix:/);
  assert.equal(env, { DOCKER_HOST: 'unix:///x', ...environment });
});

t('is removed by force, with its volume', () =>
  withFolder(async (folder) => {
    const { engine, calls } = fakeEngine(folder);
    await removeContainer({ engine, name: 'wc1-20000' });
    assert.equal(calls(), ['docker rm --force --volumes wc1-20000']);
  }),
);

t('may be gone already', () =>
  withFolder(async (folder) => {
    const { engine } = fakeEngine(folder, { code: 1, says: 'Error: No such container: wc1-20000' });
    await removeContainer({ engine, name: 'wc1-20000' });
  }),
);

t('that cannot be removed is an error which says why', () =>
  withFolder(async (folder) => {
    const { engine } = fakeEngine(folder, { code: 1, says: 'permission denied' });
    const error = await rejectionOf(removeContainer({ engine, name: 'wc1-20000' }));
    assert.match(error.message, /wc1-20000 could not be removed: permission denied/);
  }),
);

t('of an image that is not there is refused at the start, with what to do', () =>
  withFolder(async (folder) => {
    const { engine } = fakeEngine(folder, { code: 1, says: 'No such image' });
    const error = await rejectionOf(requireImage({ engine, name: 'browser:1' }));
    assert.instance(error, ImageNotUsable);
    assert.match(error.message, /npm run image -- controller.*No such image/);
    const missing = await rejectionOf(requireImage({ engine: ['/no/such/engine'], name: 'browser:1' }));
    assert.match(missing.message, /ENOENT/);
  }),
);

t.run();
