/** How wide the doors of the Terraform modules are, and how much of them can be switched off. */
import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { median } from './sources.mjs';

const VARIABLE = /^variable "/gm;
const RESOURCE = /^resource "[\s\S]*?^\}/gm;
const CONDITIONAL_COUNT = /^ {2}count\s*=.*\?/m;

/** {modules, variables: {median, max}, conditionalShare}: resources with a count that is a condition, of all. */
export function measureTerraform(root) {
  const texts = new Map();
  for (const path of globSync('terraform/modules/*/*.tf', { cwd: root }).sort()) {
    const module = dirname(path);
    texts.set(module, `${texts.get(module) ?? ''}${readFileSync(`${root}/${path}`, 'utf8')}\n`);
  }
  const modules = [...texts.values()];
  const variables = modules.map((text) => (text.match(VARIABLE) ?? []).length);
  const resources = modules.flatMap((text) => text.match(RESOURCE) ?? []);
  const conditional = resources.filter((text) => CONDITIONAL_COUNT.test(text));
  return {
    modules: modules.length,
    variables: { median: median(variables) ?? 0, max: Math.max(0, ...variables) },
    conditionalShare: resources.length === 0 ? 0 : conditional.length / resources.length,
  };
}
