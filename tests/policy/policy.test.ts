import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openPlatform } from '../../terraform/reader/platform.ts';
import { ROUTED } from '../../terraform/reader/stand-ins.ts';
import { differences } from './support/compare.ts';
import { readGrants } from './support/grants.ts';
import { readLiveCode } from './support/live-code.ts';
import { readNeeds } from './support/needs.ts';

const ROOT = join(import.meta.dirname, '..', '..');
// The controller is none of them: it runs in a task without a role.
const entries = Object.fromEntries(
  globSync('functions/**/*.lambda.ts', { cwd: ROOT }).map((path) => [basename(path, '.lambda.ts'), path]),
);
const code = await readLiveCode(ROOT, entries);
const plan = await openPlatform(ROOT);
const direct = readGrants(plan());
const router = readGrants(plan(ROUTED));

const policy = suite('rights and variables');

policy('there is a role for every function, and a function for every role', () => {
  assert.equal(Object.keys(direct).sort(), Object.keys(entries).sort());
  assert.equal(Object.keys(router).sort(), Object.keys(entries).sort());
});

for (const [name, live] of Object.entries(code)) {
  policy(`${name} has the rights for its calls and the variables that it reads, and no other`, () => {
    const grants = { direct: direct[name], router: router[name] };
    assert.ok(grants.direct && grants.router);
    const found = differences(name, readNeeds(live), { direct: grants.direct, router: grants.router });
    assert.is(found.join('\n'), '');
  });
}

policy.run();
