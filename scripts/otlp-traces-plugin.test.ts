import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OTLP_TRACES_FILE } from './otlp-traces-plugin.mjs';

const DIST = join(import.meta.dirname, '..', 'dist');
const TRACED = [
  'create-session',
  'update-session',
  'report-ready',
  'report-ended',
  'sign-profile-url',
  'controller',
  'router',
];
// A name that every exporter has, and nothing else.
const SDK = 'resourceSpans';

const t = suite('the SDK of traces');

t('is a file beside each bundle that may ask for it, and in none of them', () => {
  for (const name of TRACED) {
    const bundle = readFileSync(join(DIST, name, 'index.js'), 'utf8');
    assert.match(bundle, `require("./${OTLP_TRACES_FILE}")`, name);
    assert.match(readFileSync(join(DIST, name, OTLP_TRACES_FILE), 'utf8'), SDK, name);
  }
});

t('is nowhere else', () => {
  for (const name of readdirSync(DIST)) {
    const bundle = join(DIST, name, 'index.js');
    if (name === 'otlp-traces' || !existsSync(bundle)) continue;
    assert.not.match(readFileSync(bundle, 'utf8'), SDK, name);
    const asks = readFileSync(bundle, 'utf8').includes(OTLP_TRACES_FILE);
    assert.is(existsSync(join(DIST, name, OTLP_TRACES_FILE)), asks, name);
  }
});

t.run();
