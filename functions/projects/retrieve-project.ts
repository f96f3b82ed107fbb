import { toProjectView } from '../../core/domain/project.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { type GetProject, requireProject } from './require-project.ts';

/** GET /v1/projects/{id} */
export const retrieveProject =
  ({ getProject }: { readonly getProject: GetProject }) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> =>
    ok(toProjectView(await requireProject(getProject, access, pathId)));
