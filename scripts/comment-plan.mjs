/**
 * Writes a plan on its pull request, over the comment of the plan before. Runs in GitHub Actions.
 *
 *   node scripts/comment-plan.mjs <environment> <file with the plan>
 */
import { existsSync, readFileSync } from 'node:fs';

// GitHub takes 65,536 characters.
const MAX_PLAN_CHARACTERS = 60_000;
const REQUEST_LIMIT_MS = 30_000;
const PAGE_SIZE = 100;

const [environment, file] = process.argv.slice(2);
const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, PULL_REQUEST } = process.env;

async function github(method, path, body) {
  const response = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/issues/${path}`, {
    method,
    headers: { authorization: `Bearer ${GITHUB_TOKEN}`, accept: 'application/vnd.github+json' },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
  });
  if (!response.ok) throw new Error(`GitHub answered ${response.status} to ${method} ${path}`);
  return response.json();
}

/** The end of a plan says most: what is too long loses its beginning. */
function textOf(plan) {
  const isWhole = plan.length <= MAX_PLAN_CHARACTERS;
  const shown = isWhole ? plan : plan.slice(-MAX_PLAN_CHARACTERS);
  // A plan may hold a line of backticks; a fence has to be longer.
  const fence = '`'.repeat(Math.max(3, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  const note = isWhole ? '' : 'The beginning is left out; the log of the workflow has all of it.\n\n';
  return `${note}${fence}\n${shown.trimEnd()}\n${fence}`;
}

async function findComment(marker) {
  for (let page = 1; ; page++) {
    const comments = await github('GET', `${PULL_REQUEST}/comments?per_page=${PAGE_SIZE}&page=${page}`);
    const found = comments.find(({ body }) => body.startsWith(marker));
    if (found !== undefined || comments.length < PAGE_SIZE) return found;
  }
}

const marker = `<!-- plan ${environment} -->`;
const plan = existsSync(file) ? readFileSync(file, 'utf8') : 'There is no plan: a step before it failed.';
const body = `${marker}\n### Plan for ${environment}\n\n${textOf(plan)}`;
const comment = await findComment(marker);
if (comment === undefined) await github('POST', `${PULL_REQUEST}/comments`, { body });
else await github('PATCH', `comments/${comment.id}`, { body });
