import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describeMachine } from './welcome.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const URL_OF_API = 'http://127.0.0.1:8787';

const exportLines = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.startsWith('export '))
    .join('\n');

const welcome = suite('what npm start prints when it is ready');

welcome('the export lines, pasted into a shell, set what the SDK reads', () => {
  for (const apiKey of ['wc_abc-DEF_123', `it's $HOME "\\!\`id\`;#&`.replaceAll(' ', '')]) {
    const script = `${exportLines(describeMachine({ url: URL_OF_API, apiKey }))}\nprintenv BROWSERBASE_BASE_URL BROWSERBASE_API_KEY`;
    const output = execFileSync('sh', ['-c', script], { encoding: 'utf8', env: { PATH: process.env.PATH } });
    assert.is(output, `${URL_OF_API}\n${apiKey}\n`);
  }
});

welcome('a log has no key, but how whoever may read it has it', () => {
  const folder = mkdtempSync(join(tmpdir(), "wel'come-"));
  try {
    const keyFile = join(folder, 'api-key');
    writeFileSync(keyFile, 'wc_from-the-file\n');
    const printed = describeMachine({ url: URL_OF_API, apiKey: 'wc_from-the-file' }, { keyFile });
    assert.not.match(printed, 'wc_from-the-file');
    const script = `${exportLines(printed)}\nprintenv BROWSERBASE_API_KEY`;
    const output = execFileSync('sh', ['-c', script], { encoding: 'utf8', env: { PATH: process.env.PATH } });
    assert.is(output, 'wc_from-the-file\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
  const given = describeMachine({ url: URL_OF_API, apiKey: 'wc_given' }, 'environment');
  assert.not.match(given, 'wc_given');
  assert.match(given, 'WALLCRAWLER_API_KEY');
});

welcome('the last line is what scripts wait for', () => {
  const lines = describeMachine({ url: URL_OF_API, apiKey: 'wc_key' }).split('\n');
  assert.is(lines.at(-1), `ready ${URL_OF_API}`);
});

welcome('the example that it names is there', () => {
  const named = /node (examples\/\S+)/.exec(describeMachine({ url: URL_OF_API, apiKey: 'wc_key' }))?.[1];
  assert.ok(named !== undefined && existsSync(`${ROOT}${named}`));
});

welcome.run();
