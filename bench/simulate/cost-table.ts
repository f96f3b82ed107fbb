/** The table of docs/runbooks/costs.md, as Markdown. */
import { ARCHITECTURES, HOURS_A_MONTH, type TaskSize, taskHourUsd } from './fargate-prices.ts';

const SIZES: readonly TaskSize[] = [
  { vcpu: 0.5, memoryGb: 1 },
  { vcpu: 1, memoryGb: 2 },
  { vcpu: 2, memoryGb: 4 },
  { vcpu: 4, memoryGb: 8 },
];
const SESSION_HOURS = 1_000;
const WAYS = ARCHITECTURES.flatMap((architecture) =>
  [false, true].map((isSpot) => ({ architecture, isSpot })),
);

/** For each size and way: what so many hours of one task cost. */
const rowOf = (size: TaskSize, hours: number): string => {
  const cells = WAYS.map((way) => (taskHourUsd({ ...way, size }) * hours).toFixed(2));
  return `| ${size.vcpu} vCPU, ${size.memoryGb} GB | ${cells.join(' | ')} |`;
};

const tableOf = (what: string, hours: number): readonly string[] => [
  `| ${what} | ${WAYS.map(({ architecture, isSpot }) => `${architecture}${isSpot ? ', Spot' : ''}`).join(' | ')} |`,
  `|---|${WAYS.map(() => '---:').join('|')}|`,
  ...SIZES.map((size) => rowOf(size, hours)),
];

export const costTables = (): readonly (readonly string[])[] => [
  tableOf('1,000 session hours', SESSION_HOURS),
  tableOf('a warm task, a month', HOURS_A_MONTH),
];
