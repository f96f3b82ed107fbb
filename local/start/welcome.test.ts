import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
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

welcome('the last line is what scripts wait for', () => {
  const lines = describeMachine({ url: URL_OF_API, apiKey: 'wc_key' }).split('\n');
  assert.is(lines.at(-1), `ready ${URL_OF_API}`);
});

welcome('the example that it names is there', () => {
  const named = /node (examples\/\S+)/.exec(describeMachine({ url: URL_OF_API, apiKey: 'wc_key' }))?.[1];
  assert.ok(named !== undefined && existsSync(`${ROOT}${named}`));
});

welcome.run();
