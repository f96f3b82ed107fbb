import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readControllerConfig } from '../../controller/assignment/config.ts';
import { CAST_CLOSES, PROXY_CLOSES, ROUTER_CLOSES, sessionEnded } from '../../core/domain/close-codes.ts';
import { END_REASONS, type EndReason } from '../../core/domain/end-reason.ts';
import { toPublicStatus } from '../../core/domain/session.ts';
import { readMachineConfig } from '../../local/start/config.ts';
import { readRouterConfig } from '../../router/config.ts';
import { codeSpans, localLinks, longSentences, tableRows } from './support/markdown.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const MAX_WORDS = 30;
/** What people read who use or run it; what is written for reviewers may be denser. */
const FOR_EVERYBODY = [
  'README.md',
  'SECURITY.md',
  'docs/README.md',
  'docs/admin.md',
  'docs/certificates.md',
  'docs/configuration.md',
  'docs/contexts.md',
  'docs/downloads.md',
  'docs/egress.md',
  'docs/events.md',
  'docs/extensions.md',
  'docs/fetch.md',
  'docs/how-a-session-ends.md',
  'docs/keep-it-running.md',
  'docs/limits.md',
  'docs/live-view.md',
  'docs/observability.md',
  'docs/other-clients.md',
  'docs/promises.md',
  'docs/recordings.md',
  'docs/session-logs.md',
  'docs/session-settings.md',
  'docs/uploads.md',
  'docs/webhooks.md',
];
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const unquote = (cell: string): string => cell.replaceAll('`', '');

const pages = suite('the pages');

for (const path of FOR_EVERYBODY) {
  pages(`${path} has no sentence of more than ${MAX_WORDS} words`, () => {
    assert.equal(longSentences(read(path), MAX_WORDS), []);
  });
}

pages('every link to a file leads to one', () => {
  const paths = [
    ...globSync('docs/**/*.md', { cwd: ROOT }),
    ...['README.md', 'SECURITY.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'terraform/README.md'],
  ];
  const broken = paths.flatMap((path) =>
    localLinks(read(path))
      .filter((target) => !existsSync(join(ROOT, dirname(path), target)))
      .map((target) => `${path}: ${target}`),
  );
  assert.equal(broken, []);
});

pages('the index names every page of docs/', () => {
  const named = localLinks(read('docs/README.md'));
  const missing = globSync('*.md', { cwd: join(ROOT, 'docs') }).filter(
    (name) => name !== 'README.md' && !named.includes(name),
  );
  assert.equal(missing, []);
});

pages('each promise names its test', () => {
  const promises = tableRows(read('docs/promises.md')).filter(
    ([promise = '']) => promise !== 'promise' && !/^-+$/.test(promise),
  );
  assert.ok(promises.length > 0);
  const untested = promises.filter(
    ([, , test = '']) => !localLinks(test).some((target) => target.endsWith('.test.ts')),
  );
  assert.equal(untested, []);
});

pages('how a session ends: the table has every reason with its status, close code and sentence', () => {
  const written = tableRows(read('docs/how-a-session-ends.md'))
    .map((cells) => cells.map(unquote))
    .filter(([reason = '']) => reason in END_REASONS)
    .map((cells) => cells.slice(0, 4));
  const wanted = (Object.keys(END_REASONS) as EndReason[]).map((reason) => [
    reason,
    toPublicStatus(END_REASONS[reason].status),
    String(sessionEnded(reason).code),
    sessionEnded(reason).text,
  ]);
  assert.equal(written, wanted);
});

pages(
  'how a session ends: the codes of sockets that close while it goes on are those of proxy and router',
  () => {
    const section =
      read('docs/how-a-session-ends.md')
        .split(/^## Sockets that close/m)[1]
        ?.split(/^## /m)[0] ?? '';
    const written = tableRows(section).flatMap(([code = '']) => (/^\d+$/.test(code) ? [Number(code)] : []));
    const notes = [
      ...Object.values(PROXY_CLOSES),
      ...Object.values(CAST_CLOSES),
      ...Object.values(ROUTER_CLOSES),
    ];
    assert.equal(written, [...new Set(notes.map(({ code }) => code))].sort());
  },
);

/** The names that a reader of configuration asks for. Some are required, so that reading nothing ends with an error. */
function variablesOf(readConfig: (env: Readonly<Record<string, string | undefined>>) => unknown): string[] {
  const asked = new Set<string>();
  const env = new Proxy({}, { get: (_target, name) => void asked.add(String(name)) });
  try {
    readConfig(env);
  } catch (error) {
    assert.is((error as Error).name, 'ConfigError');
  }
  return [...asked].sort();
}

for (const [heading, readConfig] of [
  ['One machine', readMachineConfig],
  ["A session's container", readControllerConfig],
  ['The router', readRouterConfig],
] as const) {
  pages(`configuration: "${heading}" has the variables that are read, and no other`, () => {
    const section = read('docs/configuration.md')
      .split(/^## /m)
      .find((text) => text.startsWith(heading));
    const written = tableRows(section ?? '').flatMap(([first = '']) => codeSpans(first));
    assert.equal([...written].sort(), variablesOf(readConfig));
  });
}

pages.run();
