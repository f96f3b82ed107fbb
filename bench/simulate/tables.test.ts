import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { costTables } from './cost-table.ts';
import { DAY_SHAPES } from './days.ts';
import { taskHourUsd } from './fargate-prices.ts';
import { poolTable } from './pool-table.ts';

const page = (name: string) => readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8');
const isIn = (text: string, lines: readonly string[]) =>
  assert.equal(
    lines.filter((line) => !text.includes(`${line}\n`)),
    [],
  );

const tables = suite('the tables of the pages');

tables('of costs are what the prices come to', () => {
  for (const lines of costTables()) isIn(page('runbooks/costs'), lines);
});

// One of them: all take seconds.
tables('of pools are what the model says', () => {
  const text = page('warm-pool-simulation');
  const [shape] = DAY_SHAPES;
  assert.ok(shape);
  isIn(text.split(`### ${shape.name}`)[1] ?? '', poolTable(shape));
});

tables('have Spot at its best, and arm64 a fifth below', () => {
  const size = { vcpu: 1, memoryGb: 2 };
  const x86 = taskHourUsd({ architecture: 'x86_64', isSpot: false, size });
  assert.ok(Math.abs(x86 - 0.04937) < 1e-9);
  assert.ok(Math.abs(taskHourUsd({ architecture: 'x86_64', isSpot: true, size }) / x86 - 0.3) < 1e-9);
  assert.ok(Math.abs(taskHourUsd({ architecture: 'arm64', isSpot: false, size }) / x86 - 0.8) < 0.001);
});

tables.run();
