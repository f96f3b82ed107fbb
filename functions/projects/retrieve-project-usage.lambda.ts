import validate from 'contract:retrieveProjectUsage';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getProject } from '../../core/aws/projects/get-project.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { retrieveProjectUsage } from './retrieve-project-usage.ts';

const config = readConfig(process.env, { projectsTable: ['PROJECTS_TABLE', text()] });
const projects = { client: createDocumentClient(), tableName: config.projectsTable };

export const handler = api(
  { logger: createProcessLogger('retrieve-project-usage', process.env), clock: systemClock, validate },
  retrieveProjectUsage({ getProject: (projectId) => getProject(projects, projectId) }),
);
