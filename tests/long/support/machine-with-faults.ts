/** The machine of `npm start`, whose S3 fails as the file `s3-fault` of its data folder says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from '../../../local/aws/wire/aws-error.ts';
import type { AwsCall, AwsService } from '../../../local/aws/wire/aws-server.ts';
import { readMachineConfig } from '../../../local/start/config.ts';
import { startMachine } from '../../../local/start/start-machine.ts';
import { describeMachine } from '../../../local/start/welcome.ts';
import { S3_FAULT_FILE } from './s3-fault.ts';

const config = readMachineConfig(process.env);

function currentFault(): string {
  try {
    return readFileSync(join(config.dataDir, S3_FAULT_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** Takes all that comes and answers nothing, until the other side gives up. */
const hang = ({ request, gone }: AwsCall) =>
  new Promise<void>((resolve) => {
    request.resume();
    gone.addEventListener('abort', () => resolve(), { once: true });
  });

/** Of a PUT a part has come, of a GET a part has left. */
async function cut(call: AwsCall, s3: AwsService): Promise<void> {
  const { method, request, response } = call;
  if (method === 'PUT') {
    await new Promise((resolve) => request.once('data', resolve));
    request.destroy();
    return;
  }
  const write = response.write.bind(response);
  response.write = (chunk: Buffer) => {
    write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => response.destroy());
    return false;
  };
  // It ends with the connection.
  await s3.handle(call).catch(() => undefined);
}

const failing = (s3: AwsService): AwsService => ({
  ...s3,
  async handle(call) {
    const [fault, method = call.method] = currentFault().split(' ');
    if (method !== call.method) return s3.handle(call);
    if (fault === 'hang') return hang(call);
    if (fault === 'cut') return cut(call, s3);
    if (fault === 'error')
      throw new AwsError('InternalError', 'We encountered an internal error.', { status: 500 });
    if (fault === 'refuse')
      throw new AwsError('ServiceUnavailable', 'Please reduce your request rate.', { status: 503 });
    return s3.handle(call);
  },
});

const machine = await startMachine(config, (line) => console.log(line), {
  changeServices: ({ s3, ...others }) => ({ ...others, s3: failing(s3 as AwsService) }),
});
console.log(describeMachine(machine));
process.once('SIGINT', async () => {
  await machine.close();
  process.exit(0);
});
