/** Prints, as JSON, the metrics that the code embeds in its log: for each name the sets of dimensions it is written with. */
import { METRICS } from '../core/domain/metrics.ts';

const rows = Object.entries(METRICS).map(([name, { dimensions }]) => [name, dimensions]);
console.log(JSON.stringify(Object.fromEntries(rows)));
