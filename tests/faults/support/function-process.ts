/** One function as a process of its own, which can be killed: it runs the bundle that its parent names, once. */
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import { bundleOf } from '../../../local/start/infrastructure.ts';
import { LAMBDA_CONTEXT } from '../../contract/support/lambda-event.ts';

interface Invocation {
  readonly name: string;
  readonly event: object;
  readonly isStreamed: boolean;
}

Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (run: unknown) => run,
    HttpResponseStream: { from: (stream: unknown) => stream },
  },
});

process.once('message', async ({ name, event, isStreamed }: Invocation) => {
  const { handler } = createRequire(import.meta.url)(bundleOf(name));
  await (isStreamed
    ? handler(event, new PassThrough().resume(), LAMBDA_CONTEXT)
    : handler(event, LAMBDA_CONTEXT));
  process.exit(0);
});
process.send?.('here');
