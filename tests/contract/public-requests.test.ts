/** Each function of the contract is asked while AWS fails (tests/faults/long/aws-refuses.test.ts), or it is said why not. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readInfrastructure } from '../../local/start/infrastructure.ts';
import { NOT_ASKED, PUBLIC_REQUESTS } from '../faults/support/public-requests.ts';

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The operations that have a function of their own. */
function operations(): readonly string[] {
  const contract = JSON.parse(readFileSync(new URL('../../functions/openapi.json', import.meta.url), 'utf8'));
  const { functions } = readInfrastructure();
  const all = Object.values<Record<string, { operationId?: string }>>(contract.paths)
    .flatMap((methods) => Object.values(methods))
    .flatMap(({ operationId }) => (operationId === undefined ? [] : [kebab(operationId)]));
  return [...new Set(all)].filter((name) => Object.hasOwn(functions, name));
}

const t = suite('requests while AWS fails');

t('are there for each function of the contract, or it is said why not', () => {
  const asked = [...Object.keys(PUBLIC_REQUESTS), ...Object.keys(NOT_ASKED)];
  assert.ok(operations().length > 50);
  assert.equal(
    operations().filter((name) => !asked.includes(name)),
    [],
    'neither asked nor said why not',
  );
  assert.equal(
    asked.filter((name) => !operations().includes(name)),
    [],
    'no function of the contract',
  );
  assert.is(new Set(asked).size, asked.length, 'not both');
});

t.run();
