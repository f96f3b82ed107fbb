import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const SCRIPT = join(import.meta.dirname, 'comment-plan.mjs');

interface Comment {
  id: number;
  body: string;
}

/** Runs the script against a pull request with `comments`; returns what it wrote, and its exit code. */
async function commentPlan(plan: string | undefined, comments: Comment[] = [], status = 200) {
  const written: { method: string; url: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url ?? '', 'http://api');
    const page = Number(url.searchParams.get('page'));
    if (request.method !== 'GET') {
      written.push({ method: request.method ?? '', url: url.pathname, body: JSON.parse(text).body });
    }
    response.writeHead(status).end(JSON.stringify(comments.slice((page - 1) * 100, page * 100)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'comment-'));
  try {
    if (plan !== undefined) writeFileSync(join(folder, 'plan.txt'), plan);
    const env = {
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GITHUB_REPOSITORY: 'octo/browsers',
      GITHUB_TOKEN: 'secret-token',
      PULL_REQUEST: '7',
    };
    const child = spawn(process.execPath, [SCRIPT, 'dev', join(folder, 'plan.txt')], { env });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    await once(child, 'close');
    return { code: child.exitCode, written, errors };
  } finally {
    rmSync(folder, { recursive: true });
    server.closeAllConnections();
    server.close();
  }
}

const t = suite('the comment with a plan');

t('is made where there is none', async () => {
  const { code, written } = await commentPlan('Plan: 1 to add');
  assert.is(code, 0);
  assert.equal(written, [
    {
      method: 'POST',
      url: '/repos/octo/browsers/issues/7/comments',
      body: '<!-- plan dev -->\n### Plan for dev\n\n```\nPlan: 1 to add\n```',
    },
  ]);
});

t('takes the place of the one before, of the same environment, on whichever page', async () => {
  const others = Array.from({ length: 120 }, (_, id) => ({ id, body: '<!-- plan prod -->' }));
  const { written } = await commentPlan('Plan', [...others, { id: 500, body: '<!-- plan dev -->\nold' }]);
  assert.is(written.length, 1);
  assert.is(written[0]?.method, 'PATCH');
  assert.is(written[0]?.url, '/repos/octo/browsers/issues/comments/500');
});

t('fits into what GitHub takes, with the end of the plan, and cannot be broken out of', async () => {
  const { written } = await commentPlan(`${'x'.repeat(70_000)}\n\`\`\`\`\n# out\nPlan: 3 to add`);
  const body = written[0]?.body ?? '';
  assert.ok(body.length < 65_536);
  assert.match(body, /beginning is left out/);
  assert.match(body, /\n`````\n[\s\S]*Plan: 3 to add\n`````$/);
});

t('says so when there is no plan', async () => {
  const { written } = await commentPlan(undefined);
  assert.match(written[0]?.body ?? '', /a step before it failed/);
});

t('fails aloud, without the token, when GitHub refuses', async () => {
  const { code, errors } = await commentPlan('Plan', [], 403);
  assert.is(code, 1);
  assert.match(errors, /GitHub answered 403/);
  assert.not.match(errors, /secret-token/);
});

t.run();
