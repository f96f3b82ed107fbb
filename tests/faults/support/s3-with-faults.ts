/** The stand-in's S3, in front of which things go wrong. */
import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../../../local/aws/wire/aws-error.ts';
import type { AwsCall, AwsService } from '../../../local/aws/wire/aws-server.ts';

const REFUSALS = {
  'slow-down': ['SlowDown', 'Please reduce your request rate.', 503],
  'internal-error': ['InternalError', 'We encountered an internal error. Please try again.', 500],
  conflict: ['ConditionalRequestConflict', 'The conditional request cannot succeed due to a conflict.', 409],
} as const;

export type StoreFault =
  | keyof typeof REFUSALS
  /** The connection ends when a part of the body has come. */
  | 'cut'
  /** It is done, and nobody hears of it. */
  | 'lost-answer';

export interface FaultyStore {
  /** What goes wrong with this call; undefined: nothing. */
  readonly faultOf: (method: string) => StoreFault | undefined;
  /** It is stored, whether somebody hears of it or not. */
  readonly onStored: (headers: IncomingHttpHeaders) => void;
}

export const s3WithFaults = (s3: AwsService, { faultOf, onStored }: FaultyStore): AwsService => ({
  ...s3,
  async handle(call) {
    const { method, headers, response } = call;
    const fault = faultOf(method);
    if (fault === 'cut') return cut(call);
    if (fault === 'lost-answer') response.end = () => response.destroy();
    else if (fault !== undefined) throw refusalOf(fault);
    await s3.handle(call);
    if (method === 'PUT' && response.statusCode === 200) onStored(headers);
  },
});

async function cut({ method, request }: AwsCall): Promise<void> {
  if (method === 'PUT') await new Promise((resolve) => request.once('data', resolve));
  request.destroy();
}

function refusalOf(fault: keyof typeof REFUSALS): AwsError {
  const [code, message, status] = REFUSALS[fault];
  return new AwsError(code, message, { status });
}
