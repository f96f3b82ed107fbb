import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as timing from '../../core/domain/timing.ts';

const PAGE = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8');
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };

/** The times that the page tells, in milliseconds by name. */
const told = new Map(
  [...PAGE.matchAll(/^\| `(\w+\.\w+)` \| ([\d, ]+) (\w+) \|/gm)].map(
    ([, name = '', values = '', unit = '']) => [
      name,
      values.split(', ').map((value) => Number(value) * (UNIT_MS[unit] ?? Number.NaN)),
    ],
  ),
);

const clocks = suite('docs/architecture.md');

clocks('tells every time of core/domain/timing.ts, and no other', () => {
  const known = Object.entries(timing)
    .filter(([group]) => !['SESSION_TIMEOUT', 'SESSION_IDLE_TIMEOUT'].includes(group))
    .flatMap(([group, times]) =>
      typeof times === 'object'
        ? Object.entries(times).map(([name, value]) => [
            `${group}.${name}`,
            [value].flat().map((each) => (name.endsWith('Seconds') ? each * 1000 : each)),
          ])
        : [],
    );
  assert.equal(Object.fromEntries(told), Object.fromEntries(known));
});

clocks("tells the bounds of a session's timeout", () => {
  const { minSeconds, maxSeconds } = timing.SESSION_TIMEOUT;
  assert.match(PAGE, `\`timeout\` is ${minSeconds} s to ${maxSeconds / 3600} h`);
});

clocks("tells the bounds of a session's idle limit", () => {
  const { minSeconds, maxSeconds } = timing.SESSION_IDLE_TIMEOUT;
  assert.match(PAGE, `\`idleTimeout\` is ${minSeconds} s to ${maxSeconds / 3600} h`);
});

clocks.run();
