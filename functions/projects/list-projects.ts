import { type Project, toProjectView } from '../../core/domain/project.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

export interface ListProjectsDeps {
  readonly getProjects: (projectIds: readonly string[]) => Promise<readonly Project[]>;
}

/** GET /v1/projects: every project that the key opens. */
export const listProjects =
  ({ getProjects }: ListProjectsDeps) =>
  async ({ access }: ApiRequest): Promise<ApiResponse> =>
    ok((await getProjects(access.projectIds)).map(toProjectView));
