import { AppError } from '../../core/domain/errors.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import type { ApiResponse } from '../../core/http/response.ts';
import { DO_NOT_REPEAT } from '../../core/http/settings.ts';

interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary?: string }>>>>;
}

/** Every route of the contract that is known and not built: 501, with its name, so that nobody looks for a typo. */
export function answerNotBuilt({ paths }: Contract) {
  const summaries = new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { summary }]) => [`${method.toUpperCase()} ${path}`, summary]),
    ),
  );
  return async ({ route }: Pick<ApiRequest, 'route'>): Promise<ApiResponse> => {
    const sentence = `${route} is a known route that is not built here (${summaries.get(route) ?? '?'})`;
    throw new AppError('NOT_BUILT', [sentence], { headers: DO_NOT_REPEAT });
  };
}
