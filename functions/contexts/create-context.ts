import { type Context, profileKeyOf, toContextUploadView } from '../../core/domain/context.ts';
import { type ApiRequest, projectOf } from '../../core/http/request.ts';
import { type ApiResponse, created } from '../../core/http/response.ts';

export interface CreateContextDeps {
  readonly newId: () => string;
  readonly now: () => Date;
  readonly storeContext: (context: Context) => Promise<void>;
  readonly presignUpload: (key: string) => Promise<string>;
}

/** POST /v1/contexts: an empty context, and where a profile can be uploaded to it. */
export const createContext =
  ({ newId, now, storeContext, presignUpload }: CreateContextDeps) =>
  async ({
    access,
    body,
  }: ApiRequest<{ readonly projectId?: string; readonly name?: string }>): Promise<ApiResponse> => {
    const at = now().toISOString();
    const context: Context = {
      contextId: newId(),
      projectId: projectOf(access, body.projectId),
      status: 'EMPTY',
      createdAt: at,
      updatedAt: at,
      ...(body.name === undefined ? {} : { name: body.name }),
    };
    // First: a context whose answer cannot be made would be one that nobody learns of.
    const uploadUrl = await presignUpload(profileKeyOf(context));
    await storeContext(context);
    return created(toContextUploadView(context.contextId, uploadUrl));
  };
