// edge/viewer-request.js, run as one machine runs it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEdgeStep } from './viewer-request.ts';

const SOURCE = readFileSync(join(import.meta.dirname, '../../../edge/viewer-request.js'), 'utf8');
const step = createEdgeStep(SOURCE);
const passed = (headers: Record<string, string[]>) => step(headers);

const t = suite('what the edge does to a request');

t('every identity header is present, as sent or as absent', async () => {
  assert.equal(await passed({ 'x-bb-api-key': ['key'], 'x-wc-project-id': [''], accept: ['a', 'b'] }), {
    'x-bb-api-key': 'key',
    'x-wc-api-key': '-',
    'x-bb-project-id': '-',
    'x-wc-project-id': '-',
    accept: 'b',
  });
});

t('an identity header that is sent twice is one value, and nobody’s', async () => {
  const { 'x-bb-api-key': key } = await passed({ 'x-bb-api-key': ['one', 'two'] });
  assert.is(key, 'one, two');
});

t('uses nothing that the runtime at the edge has not', () => {
  assert.ok(SOURCE.length < 10_240, 'CloudFront takes 10 KB');
  assert.not.match(SOURCE.replace(/^\s*\/\/.*$/gm, ''), /\?\.|\?\?|\bfor \(.* of\b|\bclass\b|\bimport\b/);
});

t.run();
