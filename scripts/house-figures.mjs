/**
 * Prints what can be counted of how the house is kept, beside the goals. Passes or fails on none of it: what must hold,
 * the lint holds. Runs in the package's root.
 *
 *   node scripts/house-figures.mjs
 */
import { measureFunctions, readFunctions } from './figures/functions.mjs';
import { countLines, findClocks, measureFiles, readSources } from './figures/sources.mjs';
import { measureTerraform } from './figures/terraform.mjs';

const MAX_FUNCTION_LINES = 60;
const PRODUCT = ['functions', 'controller', 'router', 'core'];

const row = (name, value, goal) => `${name.padEnd(48)}${value.padEnd(24)}${goal}`.trimEnd();
const ratio = ({ source, test }) => (source === 0 ? '-' : (test / source).toFixed(2));
const thousands = (number) => number.toLocaleString('en-US');

function linesOf(root) {
  const sources = readSources(root);
  const files = measureFiles(sources);
  const functions = measureFunctions(readFunctions(root, sources), MAX_FUNCTION_LINES);
  const terraform = measureTerraform(root);
  const { median, max } = terraform.variables;
  const local = countLines(sources, 'local').source;
  const product = countLines(sources, ...PRODUCT).source;
  const clocks = findClocks(sources, ...PRODUCT);
  const localClocks = findClocks(sources, 'local');
  return [
    row('figure', 'here', 'goal'),
    row('lines a file, p90 and max', `${files.p90}, ${files.max}`, '118, 240'),
    row('lines a function, p90 and max', `${functions.p90}, ${functions.max}`, 'p90 about 20'),
    row(
      `functions above ${MAX_FUNCTION_LINES} lines, as the lint counts`,
      String(functions.long.length),
      '0',
    ),
    ...functions.long.map(({ path, line, codeLines }) => `    ${path}:${line} has ${codeLines}`),
    row('tests : source', ratio(countLines(sources)), '1.3'),
    row('tests : source of local', ratio(countLines(sources, 'local')), '0.9'),
    row('tests : source of apps/admin', ratio(countLines(sources, 'apps/admin')), '0.9'),
    row('tests : source of core', ratio(countLines(sources, 'core')), '-'),
    row('Terraform variables a module, median and max', `${median}, ${max}`, '6, 12'),
    row('conditional counts of all resources', `${(terraform.conditionalShare * 100).toFixed(0)} %`, '6 %'),
    row('lines of local beside the product', `${thousands(local)} : ${thousands(product)}`, 'at most half'),
    row('files with clocks and time-outs of their own', String(clocks.length), '1: core/domain/timing.ts'),
    ...clocks.map((path) => `    ${path}`),
    row('the same in local: processes, and AWS itself', String(localClocks.length), '-'),
    ...localClocks.map((path) => `    ${path}`),
  ];
}

console.log(linesOf(process.cwd()).join('\n'));
