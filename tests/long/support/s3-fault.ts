import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const S3_FAULT_FILE = 's3-fault';

/** `refuse`: a 503 to each call. `hang`: no answer at all. */
export type S3Fault = 'refuse' | 'hang' | '';

/** From now on, of a machine that runs by machine-with-faults.ts. */
export const setS3Fault = (dataDir: string, fault: S3Fault): void =>
  writeFileSync(join(dataDir, S3_FAULT_FILE), fault);
