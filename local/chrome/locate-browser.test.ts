import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageNotUsable } from '../aws/ecs/task-container.ts';
import { rejectionOf, withFolder } from '../aws/testing/serve-services.ts';
import { readMachineConfig } from '../start/config.ts';
import { isExecutable } from './find-chrome.ts';
import { locateBrowser } from './locate-browser.ts';

function program(folder: string, commands: string): string {
  const path = join(folder, 'program');
  writeFileSync(path, `#!/bin/sh\n${commands}\n`, { mode: 0o755 });
  return path;
}

const t = suite('what sessions run');

t('is a Chrome of this machine that its users can run, and its version is told', async () => {
  const lines: string[] = [];
  const { chromePath, image } = await locateBrowser(readMachineConfig(process.env), (line) =>
    lines.push(line),
  );
  assert.ok(isExecutable(chromePath ?? ''));
  assert.is(image, undefined);
  assert.match(lines[0] ?? '', /^Chrome {5}\/.+ \(.*Chrom(e|ium).* \d+\..*\)$/);
  // Of an old one.
  for (const line of lines.slice(1)) assert.match(line, /^Warning {4}this browser was built \d+ days ago/);
});

t('is an image that the engine has, and no Chrome is looked for then', () =>
  withFolder(async (folder) => {
    const engine = program(folder, '[ "$3" = there:1 ] || { echo "no such image" >&2; exit 1; }');
    const configOf = (image: string) =>
      readMachineConfig({
        WALLCRAWLER_BROWSER_IMAGE: image,
        WALLCRAWLER_CONTAINER_ENGINE: engine,
        PATH: '/nowhere',
      });
    const lines: string[] = [];
    const { image, chromePath } = await locateBrowser(configOf('there:1'), (line) => lines.push(line));
    assert.equal([image?.name, image?.engine, chromePath], ['there:1', [engine], undefined]);
    assert.equal(lines, ['Image      there:1, a container for each session']);
    const error = await rejectionOf(locateBrowser(configOf('gone:1'), () => undefined));
    assert.instance(error, ImageNotUsable);
    assert.match(error.message, /WALLCRAWLER_BROWSER_IMAGE=gone:1.*no such image/s);
  }),
);

t.run();
