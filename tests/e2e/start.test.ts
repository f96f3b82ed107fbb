import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectCdp } from './support/cdp.ts';
import { descendantsOf } from './support/processes.ts';
import { startWallcrawler } from './support/wallcrawler.ts';

const t = suite('npm start');

const environmentOf = (pid: number) => readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
const commandOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');

t('becomes the machine: one process with its limits, which no session inherits, until Ctrl-C', async () => {
  const wallcrawler = await startWallcrawler({ entry: 'scripts/start.mjs' });
  try {
    const command = commandOf(wallcrawler.pid);
    assert.match(command.at(-2) ?? '', /\/local\/index\.ts$/, 'the same number, another program');
    assert.ok(command.includes('--max-old-space-size=512'), command.join(' '));
    assert.ok(environmentOf(wallcrawler.pid).includes('MALLOC_ARENA_MAX=2'));
    const session = await wallcrawler.client().sessions.create();
    const cdp = await connectCdp(session.connectUrl);
    const controllers = descendantsOf(wallcrawler.pid).filter(({ command }) =>
      command.includes('controller'),
    );
    assert.is(controllers.length, 1);
    for (const { pid } of controllers) {
      assert.equal(
        environmentOf(pid).filter((line) => line.startsWith('MALLOC_ARENA_MAX')),
        [],
      );
    }
    await cdp.close();
    assert.is((await wallcrawler.interrupt()).code, 0, wallcrawler.output());
    const cache = join(wallcrawler.dataDir, 'compile-cache', 'machine');
    assert.ok(existsSync(cache), 'the next start spares the type stripper');
  } finally {
    await wallcrawler.dispose();
  }
});

t.run();
