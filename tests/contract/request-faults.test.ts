/** What a client is told of a body that does not fit: by the validator that create-session is built with. */
import { build } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventValidator } from '../../core/http/api.ts';
import { toAppError } from '../../core/http/response.ts';
import { contractPlugin } from '../../scripts/contract-plugin.mjs';

const root = new URL('../../', import.meta.url).pathname;

/** The validator of an operation of the contract, as the build makes it. */
async function loadValidator(operationId: string): Promise<EventValidator> {
  const { outputFiles } = await build({
    stdin: { contents: `export { default } from 'contract:${operationId}';`, resolveDir: root },
    plugins: [contractPlugin(root)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  return ((await import(`data:text/javascript;base64,${code}`)) as { default: EventValidator }).default;
}

const validate = await loadValidator('createSession');
const messageFor = (body: unknown): string | undefined => {
  if (validate({ body, queryStringParameters: null, pathParameters: null })) return undefined;
  const fault = Object.assign(new Error('refused'), { statusCode: 400, cause: { data: validate.errors } });
  return toAppError(fault, 'r').message;
};

const FAULTS: readonly [proxies: unknown, message: string][] = [
  [
    [{ type: 'evil' }],
    'body/proxies/0/type must be equal to one of the allowed values: browserbase, external, none',
  ],
  [[{ type: 1 }], 'body/proxies/0/type must be string'],
  [[{}], "body/proxies/0 must have required property 'type'"],
  [[true], 'body/proxies/0 must be object'],
  [[{ type: 'none' }, { type: 'external' }], "body/proxies/1 must have required property 'server'"],
  [[{ type: 'external', server: 1 }], 'body/proxies/0/server must be string'],
  [
    [{ type: 'browserbase', geolocation: {} }],
    "body/proxies/0/geolocation must have required property 'country'",
  ],
  ['yes', 'body/proxies must be boolean or array'],
  [{ type: 'none' }, 'body/proxies must be boolean or array'],
];

const validateDownloads = await loadValidator('listDownloads');
const lists = suite('the query of a list of downloads');
for (const [query, message] of [
  [{ limit: '101' }, 'querystring/limit must be <= 100'],
  [{ limit: '1e1' }, 'querystring/limit must be integer'],
  [{ offset: '-1' }, 'querystring/offset must be >= 0'],
  [{ minSize: 'x' }, 'querystring/minSize must be integer'],
  [{ createdAfter: 'yesterday' }, 'querystring/createdAfter must be a time such as 2026-11-29T06:00:00Z'],
  [{ limit: '100', offset: '0', maxSize: '9', createdAfter: '2026-11-29T06:00:00Z' }, undefined],
] as const) {
  lists(`of ${JSON.stringify(query)} is ${message ?? 'accepted'}`, () => {
    const queryStringParameters = { sessionId: '00000000-0000-4000-8000-000000000001', ...query };
    const isValid = validateDownloads({ body: null, queryStringParameters, pathParameters: null });
    const cause = { data: validateDownloads.errors };
    const fault = Object.assign(new Error('refused'), { statusCode: 400, cause });
    assert.is(isValid ? undefined : toAppError(fault, 'r').message, message);
  });
}
lists.run();

const idle = suite('the idle limit of a create');
for (const [idleTimeout, message] of [
  [9, 'body/browserSettings/idleTimeout must be >= 10'],
  [21_601, 'body/browserSettings/idleTimeout must be <= 21600'],
  [10.5, 'body/browserSettings/idleTimeout must be integer'],
  ['60', 'body/browserSettings/idleTimeout must be integer'],
  [null, 'body/browserSettings/idleTimeout must be integer'],
  [10, undefined],
  [21_600, undefined],
] as const) {
  idle(`of ${JSON.stringify(idleTimeout)} is ${message ?? 'accepted'}`, () => {
    assert.is(messageFor({ browserSettings: { idleTimeout } }), message);
  });
}
idle.run();

const t = suite('the proxies of a create');
for (const [proxies, message] of FAULTS) {
  t(`refuse ${JSON.stringify(proxies)} by the name of the field`, () => {
    assert.is(messageFor({ proxies }), message);
  });
}

t('accept what the contract has', () => {
  const geolocation = { country: 'NL' };
  const listed = [
    { type: 'browserbase', geolocation },
    { type: 'external', server: 'http://p' },
    { type: 'none' },
  ];
  for (const proxies of [true, false, [], listed]) assert.is(messageFor({ proxies }), undefined);
});

t.run();
