import type { Logger } from '../../../core/log/logger.ts';
import type { RuntimeApi } from './runtime-api.ts';

export type FunctionHandler = (event: unknown, context: { readonly awsRequestId: string }) => unknown;

/** Does one invocation after the other, as long as Lambda has any. Rejects when its API is not there any more. */
export async function runFunction(
  api: RuntimeApi,
  load: () => FunctionHandler,
  logger: Logger,
  env: Record<string, string | undefined>,
): Promise<never> {
  const handler = await start(api, load);
  for (;;) {
    const { requestId, traceId, event } = await api.next();
    // The SDK hands it on, and X-Ray sees what belongs together.
    if (traceId !== undefined) env._X_AMZN_TRACE_ID = traceId;
    try {
      await api.succeed(requestId, await handler(event, { awsRequestId: requestId }));
    } catch (error) {
      logger.error('the function failed', { requestId, error });
      await api.fail(requestId, error);
    }
  }
}

async function start(api: RuntimeApi, load: () => FunctionHandler): Promise<FunctionHandler> {
  try {
    const handler = load();
    if (typeof handler !== 'function') throw new Error('The bundle exports no handler');
    return handler;
  } catch (error) {
    await api.failToStart(error);
    throw error;
  }
}
