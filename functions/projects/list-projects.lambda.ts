import validate from 'contract:listProjects';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getProjects } from '../../core/aws/projects/get-projects.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { listProjects } from './list-projects.ts';

const config = readConfig(process.env, { projectsTable: ['PROJECTS_TABLE', text()] });
const projects = { client: createDocumentClient(), tableName: config.projectsTable };

export const handler = api(
  { logger: createProcessLogger('list-projects', process.env), clock: systemClock, validate },
  listProjects({ getProjects: (projectIds) => getProjects(projects, projectIds) }),
);
