import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const S3_FAULT_FILE = 's3-fault';

/**
 * `refuse`: a 503 to each call. `error`: a 500. `hang`: no answer at all. `cut`: the connection ends in the middle of a body.
 * With a method only its calls.
 */
type Kind = 'refuse' | 'error' | 'hang' | 'cut';
export type S3Fault = Kind | `${Kind} ${'GET' | 'PUT'}` | '';

/** From now on, of a machine that runs by machine-with-faults.ts. */
export const setS3Fault = (dataDir: string, fault: S3Fault): void =>
  writeFileSync(join(dataDir, S3_FAULT_FILE), fault);
