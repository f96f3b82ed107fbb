import { scanAll } from '../../core/aws/dynamodb/scan-all.ts';
import { storeProject } from '../../core/aws/projects/store-project.ts';
import { type ProjectChanges, updateProject } from '../../core/aws/projects/update-project.ts';
import type { Project } from '../../core/domain/project.ts';
import { SESSION_TIMEOUT } from '../../core/domain/timing.ts';
import { integerOption, nameOption, type Options, UsageError } from './command-line.ts';
import { formatTable } from './format-table.ts';
import type { Installation } from './installation.ts';

const DEFAULT_TIMEOUT_SECONDS = 3600;
const DEFAULT_CONCURRENCY = 25;
const MAX_CONCURRENCY = 10_000;
// Ids stand in object keys, in a comma-separated list and in headers.
const ID_FORM = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const timeoutOption = (raw: string | undefined): number =>
  integerOption('timeout', raw, {
    fallback: DEFAULT_TIMEOUT_SECONDS,
    min: SESSION_TIMEOUT.minSeconds,
    max: SESSION_TIMEOUT.maxSeconds,
  });

const concurrencyOption = (raw: string | undefined): number =>
  integerOption('concurrency', raw, { fallback: DEFAULT_CONCURRENCY, min: 1, max: MAX_CONCURRENCY });

export async function createProject(
  { projects }: Installation,
  options: Options,
  newId: () => string,
): Promise<string> {
  const projectId = options.id ?? newId();
  if (!ID_FORM.test(projectId)) {
    throw new UsageError('--id must be 1 to 64 letters, digits, - or _, and start with a letter or digit');
  }
  const project = {
    projectId,
    name: nameOption('name', options.name),
    ownerId: options.owner === undefined ? 'owner' : nameOption('owner', options.owner),
    defaultTimeoutSeconds: timeoutOption(options.timeout),
    concurrency: concurrencyOption(options.concurrency),
  };
  if (!(await storeProject(projects, project, new Date()))) {
    throw new UsageError(`There is a project ${projectId} already`);
  }
  return `Project ${projectId} created: ${project.concurrency} sessions at once, ${project.defaultTimeoutSeconds} s each`;
}

/** Changes what is given, and nothing else. */
export async function changeProject(
  { projects }: Installation,
  projectId: string,
  options: Options,
): Promise<string> {
  if (!ID_FORM.test(projectId)) throw new UsageError('PROJECT-ID is the id in "projects list"');
  const changes: ProjectChanges = {
    ...(options.name === undefined ? {} : { name: nameOption('name', options.name) }),
    ...(options.timeout === undefined ? {} : { defaultTimeoutSeconds: timeoutOption(options.timeout) }),
    ...(options.concurrency === undefined ? {} : { concurrency: concurrencyOption(options.concurrency) }),
  };
  if (Object.keys(changes).length === 0)
    throw new UsageError('Give what is to change: --name, --timeout or --concurrency');
  if (!(await updateProject(projects, projectId, { changes, now: new Date() })))
    throw new UsageError(`There is no project ${projectId}`);
  return `Project ${projectId} changed; sessions that run keep what they have`;
}

export async function listProjects({ projects }: Installation): Promise<string> {
  const all = await scanAll<Project>(projects);
  return formatTable(
    ['ID', 'NAME', 'TIMEOUT', 'CONCURRENCY', 'RUNNING', 'BROWSER-MINUTES'],
    all
      .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
      .map((project) => [
        project.projectId,
        project.name,
        `${project.defaultTimeoutSeconds} s`,
        String(project.concurrency),
        String(project.running),
        String(project.browserMinutes),
      ]),
  );
}
