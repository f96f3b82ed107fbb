/** Every setting that a contract has, ours or Browserbase's own, stands in a row, in the page, and in no other place. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ALLOWED_DOMAINS } from '../../core/domain/allowed-domains.ts';
import { MAX_CERTIFICATES_OF_A_SESSION } from '../../core/domain/certificate-limits.ts';
import { PROXY_LIMITS } from '../../core/domain/proxies.ts';
import {
  CREATE_CONTEXT_SETTINGS,
  CREATE_SESSION_SETTINGS,
  type SettingRows,
  UPDATE_SESSION_SETTINGS,
  WEBHOOK_SETTINGS,
} from '../../core/domain/setting-support.ts';
import contract from '../../functions/openapi.json' with { type: 'json' };
import { checkTheirs, theirContract } from '../e2e/support/browserbase-contract.ts';
import { codeSpans, tableRows } from './support/markdown.ts';
import { leavesOf } from './support/schema-leaves.ts';

const page = readFileSync(new URL('../../docs/session-settings.md', import.meta.url), 'utf8');
const ROUTES: readonly [string, SettingRows][] = [
  ['/v1/sessions', CREATE_SESSION_SETTINGS],
  ['/v1/sessions/{id}', UPDATE_SESSION_SETTINGS],
  ['/v1/contexts', CREATE_CONTEXT_SETTINGS],
  ['/v1/webhooks', WEBHOOK_SETTINGS],
];
type Document = {
  paths: Record<string, { post?: { requestBody?: { content?: Record<string, { schema: object }> } } }>;
};

const bodyOf = (document: object, path: string): string[] => {
  const { paths } = document as Document;
  const schema = paths[path]?.post?.requestBody?.content?.['application/json']?.schema;
  assert.ok(schema, path);
  return leavesOf(schema as object, document);
};

const settings = suite('the settings of requests');

for (const [path, rows] of ROUTES) {
  settings(`of POST ${path}: each leaf of our contract has a row, and each row is of one`, () => {
    assert.equal(Object.keys(rows).sort(), bodyOf(contract, path).sort());
  });

  // It has no webhooks yet.
  const theirs = theirContract;
  if (theirs?.paths[path] !== undefined) {
    settings(`of POST ${path}: each leaf of Browserbase’s own contract has a row`, () => {
      assert.equal(
        bodyOf(theirs, path).filter((leaf) => !(leaf in rows)),
        [],
      );
    });
  }
}

settings('bound the certificates of a session where the contract does', () => {
  const { proxySettings } = contract.components.schemas.CreateSessionRequest.properties;
  assert.is(proxySettings.properties.caCertificates.maxItems, MAX_CERTIFICATES_OF_A_SESSION);
});

settings('bound the proxies and the domains of a session where the contract does', () => {
  const { proxies } = contract.components.schemas.CreateSessionRequest.properties;
  const { allowedDomains } = contract.components.schemas.BrowserSettings.properties;
  assert.is(proxies.anyOf[1]?.maxItems, PROXY_LIMITS.max);
  assert.is(allowedDomains.maxItems, ALLOWED_DOMAINS.max);
});

settings('that are not done say what happens instead, and those that are refused outright say why', () => {
  for (const rows of ROUTES.map(([, each]) => each)) {
    for (const [path, { support, today, refusal, isOfferedBy }] of Object.entries(rows)) {
      assert.is(today === undefined, support === 'done', path);
      assert.is(refusal !== undefined && support !== 'refused' && isOfferedBy === undefined, false, path);
    }
  }
});

const tableOf = (heading: string): (readonly string[])[] =>
  tableRows(page.split(/^## /m).find((text) => text.startsWith(heading)) ?? '').filter(([first = '']) =>
    first.startsWith('`'),
  );

for (const [heading, support] of [
  ['Accepted, and not acted on yet', 'ignored'],
  ['Refused', 'refused'],
] as const) {
  settings(`stand in the page under "${heading}" as their rows have them`, () => {
    const wanted = Object.entries(CREATE_SESSION_SETTINGS)
      .filter(([, row]) => row.support === support)
      .map(([path, { today = '' }]) => [`\`${path}\``, today]);
    assert.equal(tableOf(heading), wanted);
  });
}

settings('that are acted on stand in the page under that', () => {
  const written = tableOf('Acted on').flatMap(([first = '']) => codeSpans(first));
  const done = Object.entries(CREATE_SESSION_SETTINGS).filter(([, { support }]) => support === 'done');
  for (const [path] of done) {
    const isWritten = written.some((name) => path === name || path.startsWith(`${name}.`));
    assert.ok(isWritten, path);
  }
  for (const name of written) {
    assert.ok(
      done.some(([path]) => path === name || path.startsWith(`${name}.`)),
      name,
    );
  }
});

settings.run();

// ---

const routes = suite('the routes of Browserbase’s own contract');
const normalized = (path: string) => path.replaceAll(/\{[^}]+\}/g, '{}');
const ours = new Set(
  Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${normalized(path)}`),
  ),
);

if (theirContract !== undefined) {
  const theirs = theirContract;
  routes('are all in ours: done, or answered 501 by their names', () => {
    const missing = Object.entries(theirs.paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .map((method) => `${method} ${normalized(path)}`)
        .filter((route) => !ours.has(route)),
    );
    assert.equal(missing, []);
  });

  routes('have their answers held against it, where it has a schema for one', () => {
    for (const body of ['[{}]', '{}', '[7]']) {
      assert.throws(() => checkTheirs('GET', '/v1/sessions', 200, body), /by Browserbase's own contract/);
    }
    const icon = {
      id: 'A',
      title: '',
      url: 'about:blank',
      debuggerUrl: 'http://a/',
      debuggerFullscreenUrl: 'http://a/',
    };
    const live = (faviconUrl: string) =>
      JSON.stringify({
        debuggerUrl: 'http://a/',
        debuggerFullscreenUrl: 'http://a/',
        wsUrl: 'ws://a/',
        pages: [{ ...icon, faviconUrl }],
      });
    const check = (text: string) => checkTheirs('GET', '/v1/sessions/1/debug', 200, live(text));
    assert.throws(() => check(''), /faviconUrl must match format "uri"/);
    check('data:,');
    checkTheirs('GET', '/v1/sessions', 404, 'whatever they have no schema for');
  });
}

routes.run();
