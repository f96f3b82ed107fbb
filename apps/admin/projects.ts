import { pagesOfContexts } from '../../core/aws/contexts/list-contexts.ts';
import { scanAll } from '../../core/aws/dynamodb/scan-all.ts';
import { getProject } from '../../core/aws/projects/get-project.ts';
import { storeProject } from '../../core/aws/projects/store-project.ts';
import { type ProjectChanges, updateProject } from '../../core/aws/projects/update-project.ts';
import type { ApiKey } from '../../core/domain/api-key.ts';
import type { Project } from '../../core/domain/project.ts';
import { SESSION_TIMEOUT } from '../../core/domain/timing.ts';
import { type Answer, fieldsAnswer, listAnswer } from './answer.ts';
import type { Options } from './command-line.ts';
import type { Installation } from './installation.ts';
import { integerOption, isProjectId, nameOption, requireProjectId } from './options.ts';
import { recordAction } from './record-action.ts';
import { RefusedError, UsageError } from './refusal.ts';

const DEFAULT_TIMEOUT_SECONDS = 3600;
const DEFAULT_CONCURRENCY = 25;
const MAX_CONCURRENCY = 10_000;

const timeoutOption = (raw: string | undefined): number =>
  integerOption('timeout', raw, {
    fallback: DEFAULT_TIMEOUT_SECONDS,
    min: SESSION_TIMEOUT.minSeconds,
    max: SESSION_TIMEOUT.maxSeconds,
  });

const concurrencyOption = (raw: string | undefined): number =>
  integerOption('concurrency', raw, { fallback: DEFAULT_CONCURRENCY, min: 1, max: MAX_CONCURRENCY });

export async function createProject(
  installation: Installation,
  options: Options,
  newId: () => string,
): Promise<Answer> {
  const projectId = options.id ?? newId();
  if (!isProjectId(projectId)) {
    throw new UsageError('--id must be 1 to 64 letters, digits, - or _, and start with a letter or digit');
  }
  const project = {
    projectId,
    name: nameOption('name', options.name),
    ownerId: options.owner === undefined ? 'owner' : nameOption('owner', options.owner),
    defaultTimeoutSeconds: timeoutOption(options.timeout),
    concurrency: concurrencyOption(options.concurrency),
  };
  const action = { action: 'projects create', target: projectId, details: project };
  return recordAction(installation, action, async () => {
    if (!(await storeProject(installation.projects, project, new Date(installation.clock.now())))) {
      throw new UsageError(`There is a project ${projectId} already`);
    }
    const text = `Project ${projectId} created: ${project.concurrency} sessions at once, ${project.defaultTimeoutSeconds} s each`;
    return { json: project, text };
  });
}

/** Changes what is given, and nothing else. */
export async function changeProject(
  installation: Installation,
  operand: string,
  options: Options,
): Promise<Answer> {
  const projectId = requireProjectId(operand);
  const changes: ProjectChanges = {
    ...(options.name === undefined ? {} : { name: nameOption('name', options.name) }),
    ...(options.timeout === undefined ? {} : { defaultTimeoutSeconds: timeoutOption(options.timeout) }),
    ...(options.concurrency === undefined ? {} : { concurrency: concurrencyOption(options.concurrency) }),
  };
  if (Object.keys(changes).length === 0)
    throw new UsageError('Give what is to change: --name, --timeout or --concurrency');
  const { projects, clock } = installation;
  const action = { action: 'projects update', target: projectId, details: changes };
  return recordAction(installation, action, async () => {
    if (!(await updateProject(projects, projectId, { changes, now: new Date(clock.now()) })))
      throw new UsageError(`There is no project ${projectId}`);
    const text = `Project ${projectId} changed; sessions that run keep what they have`;
    return { json: { projectId, ...changes }, text };
  });
}

export async function listProjects({ projects }: Installation): Promise<Answer> {
  const all = await scanAll<Project>(projects);
  return listAnswer(
    all.sort((a, b) => a.createdAt.localeCompare(b.createdAt)),
    {
      columns: [
        ['ID', ({ projectId }) => projectId],
        ['NAME', ({ name }) => name, 'elastic'],
        ['TIMEOUT', ({ defaultTimeoutSeconds }) => `${defaultTimeoutSeconds} s`],
        ['CONCURRENCY', ({ concurrency }) => String(concurrency)],
        ['RUNNING', ({ running }) => String(running)],
        ['BROWSER-MINUTES', ({ browserMinutes }) => String(browserMinutes)],
      ],
    },
  );
}

/** A project with what belongs to it: what would go with it. */
export async function showProject(installation: Installation, operand: string): Promise<Answer> {
  const projectId = requireProjectId(operand);
  const project = await getProject(installation.projects, projectId);
  if (project === undefined) throw new RefusedError(`There is no project ${projectId}`);
  const keys = (await scanAll<ApiKey>(installation.apiKeys)).filter(
    (key) => key.status === 'ACTIVE' && key.projectIds.includes(projectId),
  );
  let contexts = 0;
  for await (const page of pagesOfContexts(installation.contexts, projectId)) contexts += page.length;
  return fieldsAnswer({ ...project, keys: keys.length, contexts });
}
