import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AppError } from '../../core/domain/errors.ts';
import type { PublicAnswer, PublicRequestOptions } from '../../core/public-network/fetch-public.ts';
import {
  PublicNetworkError,
  type PublicNetworkFault,
} from '../../core/public-network/public-network-error.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { type FetchBody, fetchPage } from './fetch-page.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HTML = '<title>t</title><h1>Hello</h1><a href="next">next</a>';
const ANSWER: PublicAnswer = {
  url: 'https://site.example/folder/',
  status: 200,
  headers: { 'content-type': 'text/html', 'set-cookie': ['a=1', 'b=2'], etag: 'x' },
  body: Buffer.from(HTML),
};

function service(answer: Partial<PublicAnswer> | Error = {}) {
  const asked: (readonly [string, PublicRequestOptions])[] = [];
  const fetch = async (url: string, options: PublicRequestOptions) => {
    asked.push([url, options]);
    if (answer instanceof Error) throw answer;
    return { ...ANSWER, ...answer };
  };
  const call = (body: Partial<FetchBody>) =>
    fetchPage({ fetch })(newRequest({ body: { url: 'https://site.example/', ...body } }) as never);
  return { asked, call };
}

async function view(body: Partial<FetchBody>, answer: Partial<PublicAnswer> = {}) {
  const { id, ...rest } = (await service(answer).call(body)).body as Record<string, unknown>;
  assert.match(String(id), UUID);
  return rest;
}

const refusal = async (
  body: Partial<FetchBody>,
  answer: Partial<PublicAnswer> | Error = {},
): Promise<AppError> => {
  const error = await appErrorOf(service(answer).call(body));
  assert.match(String(error.facts.id), UUID, 'as the contract has it, failures have the id too');
  return error;
};

const t = suite('POST /v1/fetch');

t('answers the page as it is, with what the site said', async () => {
  assert.equal(await view({}), {
    statusCode: 200,
    headers: { 'content-type': 'text/html', 'set-cookie': 'a=1\nb=2', etag: 'x' },
    content: HTML,
    contentType: 'text/html',
    encoding: 'utf-8',
  });
});

t('passes a refusal of the site on: it is an answer', async () => {
  assert.is((await view({}, { status: 404 })).statusCode, 404);
});

t('answers what is no text as base64', async () => {
  const { content, encoding } = await view(
    {},
    { headers: { 'content-type': 'image/png' }, body: Buffer.from([1, 2]) },
  );
  assert.equal([content, encoding], ['AQI=', 'base64']);
});

t('answers Markdown, with whole addresses', async () => {
  const { content } = await view({ format: 'markdown' });
  assert.is(content, '# Hello\n\n[next](https://site.example/folder/next)\n');
  const plain = { headers: { 'content-type': 'text/plain' }, body: Buffer.from('a < b') };
  assert.is((await view({ format: 'markdown' }, plain)).content, 'a < b');
});

t('answers the data that the schema asks for', async () => {
  const schema = {
    properties: { title: { type: 'string' }, price: { type: 'number' } },
    required: ['title'],
  };
  assert.equal((await view({ format: 'json', schema })).content, { title: 't' });
  const json = {
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{"title":"j","price":"3"}'),
  };
  assert.equal((await view({ format: 'json', schema }, json)).content, { title: 'j', price: 3 });
});

t('asks as it was told to', async () => {
  const { asked, call } = service();
  await call({});
  await call({ allowRedirects: true, allowInsecureSsl: true });
  assert.equal(
    asked.map(([url, { method, allowInsecureTls, limits }]) => [
      url,
      method,
      allowInsecureTls,
      limits.maxRedirects,
    ]),
    [
      ['https://site.example/', 'GET', false, 0],
      ['https://site.example/', 'GET', true, 10],
    ],
  );
});

for (const [format, contentType, message] of [
  ['markdown', 'application/pdf', 'body/format markdown is not for an answer that is application/pdf'],
  ['json', 'text/plain', 'body/format json is not for an answer that is text/plain'],
  ['json', '<x>', 'body/format json is not for an answer that is of a type that it does not say'],
] as const) {
  t(`refuses ${format} of ${contentType}`, async () => {
    const error = await refusal({ format, schema: {} }, { headers: { 'content-type': contentType } });
    assert.equal([error.status, error.message], [400, message]);
  });
}

t('asks nobody with a schema that is none', async () => {
  const { asked, call } = service();
  assert.is(
    (await appErrorOf(call({ format: 'json' }))).message,
    'body/schema is required where format is json',
  );
  const { status, message } = await appErrorOf(call({ format: 'json', schema: { anyOf: [] } }));
  assert.equal([status, message], [400, 'body/schema/anyOf is not followed here']);
  assert.equal(asked, []);
});

t('names what the page does not declare', async () => {
  const { status, message } = await refusal({ format: 'json', schema: { required: ['price'] } });
  assert.equal([status, message], [400, 'body/schema requires /price, and the page does not declare it']);
});

t('says so where the page is not what it says', async () => {
  const json = { headers: { 'content-type': 'application/json' }, body: Buffer.from('{') };
  assert.is((await refusal({ format: 'json', schema: {} }, json)).status, 502);
  const deep = { body: Buffer.from('<i>'.repeat(2_000)) };
  assert.is(
    (await refusal({ format: 'markdown' }, deep)).message,
    "It cannot be read: the page's elements are nested more than 1000 deep",
  );
  assert.is((await refusal({ format: 'json', schema: {} }, deep)).status, 502);
});

for (const [fault, status, isRepeated] of [
  ['bad-url', 400, false],
  ['refused-address', 400, false],
  ['refused-port', 400, false],
  ['unknown-host', 502, false],
  ['unreachable', 502, true],
  ['untrusted', 502, false],
  ['timed-out', 504, false],
  ['too-large', 502, false],
  ['too-many-redirects', 502, false],
  ['bad-answer', 502, true],
] as const satisfies readonly (readonly [PublicNetworkFault, number, boolean])[]) {
  t(`is ${status} where the request is ${fault}`, async () => {
    const error = await refusal({}, new PublicNetworkError(fault, 'the sentence'));
    const message = status === 400 ? 'body/url: the sentence' : 'the sentence';
    assert.equal([error.status, error.message], [status, message]);
    assert.equal(error.headers, isRepeated ? {} : { 'x-should-retry': 'false' });
  });
}

t('tells no more of a failure of its own', async () => {
  const failure = new TypeError('inside');
  assert.is(
    await service(failure)
      .call({})
      .catch((error: unknown) => error),
    failure,
  );
});

t.run();
