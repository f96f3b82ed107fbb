/**
 * Checks terraform/: its format, that the environments differ in values only, and for every module and environment
 * init, validate and test; and for the platform, that terraform/reader evaluates it as Terraform does. Runs in the
 * package's root, after the build: the tests read dist/.
 *
 *   node scripts/test-terraform.mjs [part of a folder's name ...]
 *
 * TERRAFORM_WRAPPER is a command that terraform is run by, such as one that serves the provider's schema where no
 * registry can be reached.
 */
import { spawn } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { compareReader } from './terraform/compare-reader.ts';

const ROOT = 'terraform';
const PLATFORM = `${ROOT}/modules/platform`;
const VALUES = ['backend.tf', 'main.tf'];
const MAX_AT_ONCE = Math.max(1, Math.min(4, availableParallelism()));
const wrapper = (process.env.TERRAFORM_WRAPPER ?? '').split(' ').filter(Boolean);

/** Exit code and output of one terraform command. */
function terraform(...args) {
  const [command, ...rest] = [...wrapper, 'terraform', ...args];
  return new Promise((resolve) => {
    const child = spawn(command, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TF_IN_AUTOMATION: '1' },
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => resolve({ code: 127, output: `${command}: ${error.message}` }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** What a check counts for: one, unless it counted itself. Its output is told when something is wrong with it. */
function judge(name, { code, output }, { passed, failed } = { passed: Number(code === 0), failed: 0 }) {
  const isGood = code === 0 && failed === 0 && passed > 0;
  console.log(`${isGood ? 'ok    ' : 'FAILED'} ${name}${isGood && passed > 1 ? ` (${passed} runs)` : ''}`);
  if (!isGood) console.log(output.trim());
  return { passed, failed: isGood ? 0 : Math.max(1, failed) };
}

/** The runs that `terraform test` counted. None is a failure: a module that promises nothing is not tested. */
function readCounts(output) {
  const [, passed, failed] = /^(?:Success|Failure)! (\d+) passed, (\d+) failed/m.exec(output) ?? [];
  return { passed: Number(passed ?? 0), failed: Number(failed ?? 0) };
}

async function checkFolder(folder) {
  const at = `-chdir=${folder}`;
  const init = await terraform(at, 'init', '-backend=false', '-input=false', '-no-color');
  if (init.code !== 0) return [judge(`${folder}: init`, init)];
  const validated = judge(`${folder}: validate`, await terraform(at, 'validate', '-no-color'));
  if (validated.failed > 0) return [validated];
  const tested = await terraform(at, 'test', '-no-color');
  const results = [validated, judge(`${folder}: test`, tested, readCounts(tested.output))];
  return folder === PLATFORM ? [...results, await checkReader()] : results;
}

/** What one machine is told by terraform/reader is what Terraform makes of the same files. */
async function checkReader() {
  const name = `${PLATFORM}: is read as Terraform evaluates it`;
  try {
    const differences = await compareReader(process.cwd(), [...wrapper, 'terraform']);
    return judge(name, { code: Number(differences.length > 0), output: differences.join('\n') });
  } catch (error) {
    return judge(name, { code: 1, output: error.message });
  }
}

/** dev and prod have the same files, and the same text in all that do not hold values. */
function checkEnvironments() {
  const [first, ...others] = readdirSync(`${ROOT}/envs`).sort();
  const filesOf = (name) => globSync('*.tf', { cwd: `${ROOT}/envs/${name}` }).sort();
  const textOf = (name, file) => readFileSync(`${ROOT}/envs/${name}/${file}`, 'utf8');
  const faults = others.flatMap((other) => {
    if (filesOf(other).join() !== filesOf(first).join()) return [`${other} has other files than ${first}`];
    return filesOf(first)
      .filter((file) => !VALUES.includes(file) && textOf(other, file) !== textOf(first, file))
      .map((file) => `${other}/${file} differs from ${first}/${file}`);
  });
  return judge(`${ROOT}/envs: differ in values only`, {
    code: Number(faults.length > 0),
    output: faults.join('\n'),
  });
}

async function checkFolders(folders) {
  const waiting = [...folders];
  const results = [];
  const work = async () => {
    for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
      results.push(...(await checkFolder(folder)));
    }
  };
  await Promise.all(Array.from({ length: MAX_AT_ONCE }, work));
  return results;
}

const filters = process.argv.slice(2);
const folders = globSync([`${ROOT}/{modules,envs}/*`, `${ROOT}/bootstrap`])
  .filter((folder) => existsSync(`${folder}/main.tf`))
  .filter((folder) => filters.length === 0 || filters.some((part) => folder.includes(part)))
  // The one that takes longest first, and the others beside it.
  .sort((one, other) => Number(other === PLATFORM) - Number(one === PLATFORM) || (one < other ? -1 : 1));
const results = [
  judge(`${ROOT}: fmt`, await terraform('fmt', '-check', '-recursive', '-diff', ROOT)),
  checkEnvironments(),
  ...(await checkFolders(folders)),
];
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
const failed = sum('failed') + Number(folders.length === 0);
console.log(`${sum('passed')} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
