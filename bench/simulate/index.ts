// Prints the tables of docs/warm-pool-simulation.md, or with `costs` those of docs/runbooks/costs.md. A model: nothing is started.
import { costTables } from './cost-table.ts';
import { DAY_SHAPES } from './days.ts';
import { poolTable } from './pool-table.ts';

const [what = 'pool', ...others] = process.argv.slice(2);
if (!['pool', 'costs'].includes(what) || others.length > 0) throw new Error('npm run simulate [-- costs]');
const tables =
  what === 'costs' ? costTables() : DAY_SHAPES.map((shape) => [`### ${shape.name}`, '', ...poolTable(shape)]);
console.log(tables.map((lines) => lines.join('\n')).join('\n\n'));
