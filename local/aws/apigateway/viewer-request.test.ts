// edge/viewer-request.js, run as one machine runs it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEdgeStep } from './viewer-request.ts';

const SOURCE = readFileSync(join(import.meta.dirname, '../../../edge/viewer-request.js'), 'utf8');
const step = createEdgeStep(SOURCE);
const passed = (headers: Record<string, string[]>, uri = '/v1/sessions') => step(uri, headers);

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

t('a bearer token is the key where no header of a key is sent, and goes no further', async () => {
  for (const [sent, key] of [
    ['Bearer wc_key', 'wc_key'],
    ['bearer  wc_key ', 'wc_key'],
    ['Basic dXNlcjpwYXNz', 'not a bearer token'],
    ['Bearer two words', 'not a bearer token'],
    ['wc_key', 'not a bearer token'],
    ['', '-'],
  ] as const) {
    const { 'x-bb-api-key': first, authorization } = await passed({ authorization: [sent] });
    assert.equal([first, authorization], [key, undefined], sent);
  }
  const twice = await passed({ authorization: ['Bearer a', 'Bearer b'] });
  assert.is(twice['x-bb-api-key'], 'not a bearer token');
});

t('a bearer token is not looked at beside a header of a key', async () => {
  for (const name of ['x-bb-api-key', 'x-wc-api-key']) {
    const headers = await passed({ authorization: ['Bearer other'], [name]: ['key'] });
    assert.equal([headers[name], headers.authorization], ['key', undefined]);
    assert.not.match(JSON.stringify(headers), 'other');
  }
});

t('a container’s token stays where it is', async () => {
  const headers = await passed({ authorization: ['Bearer token'] }, '/internal/sessions/s/ready');
  assert.equal([headers.authorization, headers['x-bb-api-key']], ['Bearer token', '-']);
});

t('uses nothing that the runtime at the edge has not', () => {
  assert.ok(SOURCE.length < 10_240, 'CloudFront takes 10 KB');
  assert.not.match(SOURCE.replace(/^\s*\/\/.*$/gm, ''), /\?\.|\?\?|\bfor \(.* of\b|\bclass\b|\bimport\b/);
});

t.run();
