/** Who waits for a streamed answer, as far as its stream shows. */
import type { Writable } from 'node:stream';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';

/** Who waits for the answer to a request. */
export interface Caller {
  readonly hasLeft: () => boolean;
  /** Does `work` once the caller has gone before its answer was delivered, and lets the invocation last until it is done. */
  readonly onLeave: (work: () => Promise<void>) => void;
}

type StreamingHandler = (event: APIGatewayProxyEvent, stream: Writable, context: Context) => Promise<unknown>;
/** The global by which a Lambda function streams. */
declare const awslambda: { streamifyResponse(handler: StreamingHandler): StreamingHandler };

const callers = new WeakMap<object, Caller>();

/** Of an answer in one piece nobody can see who left. */
const UNSEEN: Caller = { hasLeft: () => false, onLeave: () => undefined };

export const callerOf = ({ requestContext }: APIGatewayProxyEvent): Caller =>
  callers.get(requestContext) ?? UNSEEN;

/**
 * A streaming handler that learns of its caller's leaving from its stream, which is destroyed before it has finished.
 * Whether Lambda ever does that is not known; the local machine does. `last` is done when the answer has left.
 */
export const watchCaller = (handler: StreamingHandler, last?: () => Promise<void>): StreamingHandler =>
  awslambda.streamifyResponse(async (event, stream, context) => {
    const left = Promise.withResolvers<void>();
    stream.once('close', () => {
      if (!stream.writableFinished) left.resolve();
    });
    // The stream is of no more use; whoever waits for it is told by its closing.
    stream.on('error', () => left.resolve());
    // Middy waits until the end is reached, which a destroyed stream never says.
    const end = stream.end.bind(stream);
    Object.assign(stream, { end: (done?: () => void) => (stream.destroyed ? done?.() : end(done)) });
    const works: Promise<void>[] = [];
    callers.set(event.requestContext, {
      hasLeft: () => stream.destroyed,
      onLeave: (work) => void works.push(left.promise.then(work)),
    });
    try {
      await handler(event, stream, context);
    } finally {
      if (stream.destroyed && !stream.writableFinished) await Promise.all(works);
      await last?.();
    }
  });
