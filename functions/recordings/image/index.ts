/** What the image of a function runs: `index.js <name of a bundle>`, with Lambda's runtime API where Lambda says. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { oneOf, readConfig, text } from '../../../core/config/env.ts';
import { createLogger } from '../../../core/log/logger.ts';
import { type FunctionHandler, runFunction } from './run-function.ts';
import { connectRuntimeApi } from './runtime-api.ts';

const { runtimeApi } = readConfig(process.env, { runtimeApi: ['AWS_LAMBDA_RUNTIME_API', text()] });
const [, ownPath = '', bundle] = process.argv;
const name = oneOf('make-recording-downloads')(bundle);
const path = join(dirname(ownPath), '..', name, 'index.js');
const logger = createLogger({ service: name });

const load = () => (createRequire(path)(path) as { readonly handler: FunctionHandler }).handler;

runFunction(connectRuntimeApi(runtimeApi), load, logger, process.env).catch((error: unknown) => {
  logger.error('the function ends', { error });
  process.exitCode = 1;
});
