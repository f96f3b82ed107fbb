import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closeOpenThings } from '../../local/aws/testing/open-things.ts';
import { startTestAws } from '../../local/aws/testing/start-test-aws.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const PREFIX = 'wallcrawler-local';

/** The lines that Terraform prints after an apply, with what it would fill in. */
function nextCommands(): string[] {
  const source = readFileSync(`${ROOT}terraform/modules/platform/outputs.tf`, 'utf8');
  const text = /output "next_commands"[\s\S]*?<<-TEXT\n([\s\S]*?)\n\s*TEXT/.exec(source)?.[1] ?? '';
  return text
    .replaceAll(`\${local.prefix}`, PREFIX)
    .split('\n')
    .map((line) => line.trim());
}

const t = suite('the commands after a deploy');

t('make an installation usable, with what the AWS SDK finds in its environment', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'wallcrawler-next-'));
  try {
    const { endpoint, client } = await startTestAws(dataDir);
    const env = {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: client.region,
      AWS_ACCESS_KEY_ID: client.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: client.credentials.secretAccessKey,
    };
    const admin = async (...args: string[]) =>
      (await promisify(execFile)(process.execPath, ['apps/admin/index.ts', ...args], { cwd: ROOT, env }))
        .stdout;
    const outputs: string[] = [];
    for (const line of nextCommands()) {
      const [, args] = /^npm run admin -- (.+)$/.exec(line) ?? [];
      if (args !== undefined) outputs.push(await admin(...args.split(' ')));
    }
    assert.is(outputs.length, 3);
    const [keys = '', project = '', apiKey = ''] = outputs;
    assert.match(keys, /^Tokens are signed with key \w+ now/);
    assert.match(project, /^Project main created/);
    assert.match(apiKey, /for main; it is shown only now:\nwc_[\w-]{32}$/m);
    assert.match(await admin('projects', 'list', '--prefix', PREFIX), /^main +main/m);
  } finally {
    await closeOpenThings();
    rmSync(dataDir, { recursive: true, force: true });
    rmSync(`${dataDir}-sessions`, { recursive: true, force: true });
  }
});

t('name scripts that there are', () => {
  const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
  const named = nextCommands().flatMap((line) => /^npm run (\S+)/.exec(line)?.[1] ?? []);
  assert.ok(named.includes('smoke'));
  for (const name of named) assert.ok(name in scripts, name);
});

t.run();
