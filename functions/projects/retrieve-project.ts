import { type Project, toProjectView } from '../../core/domain/project.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireProject } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

/** GET /v1/projects/{id} */
export const retrieveProject =
  ({ getProject }: { readonly getProject: Find<Project> }) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> =>
    ok(toProjectView(await requireProject(getProject, access, pathId)));
