import type { Access } from '../../core/domain/api-key.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { Project } from '../../core/domain/project.ts';

export type GetProject = (projectId: string) => Promise<Project | undefined>;

/** A project that the key opens. One that it does not open is not looked up, and reads as one that does not exist. */
export async function requireProject(
  getProject: GetProject,
  access: Access,
  projectId: string,
): Promise<Project> {
  const project = access.projectIds.includes(projectId) ? await getProject(projectId) : undefined;
  if (project === undefined) throw new AppError('PROJECT_NOT_FOUND', [projectId]);
  return project;
}
