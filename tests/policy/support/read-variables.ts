/** Which variables a bundle reads as it is loaded, in an environment that holds no others. */
import { Worker } from 'node:worker_threads';

/** Runs in a thread of its own: loads the bundle in an environment that notes what is asked of it. */
const LOADER = `
const { parentPort, workerData } = require('node:worker_threads');
const read = new Set();
process.env = new Proxy(workerData.environment, {
  get(target, name) {
    if (typeof name === 'string') read.add(name);
    return target[name];
  },
});
globalThis.awslambda = { streamifyResponse: (handler) => handler };
try {
  require(workerData.bundle);
  parentPort.postMessage({ read: [...read] });
} catch (error) {
  parentPort.postMessage({ fault: error.message });
}
`;

// Who loads a bundle on AWS sets these.
const OF_LAMBDA = { AWS_REGION: 'us-west-2', AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret' };

/** The names of what was read; rejects with what the bundle says of an environment that it cannot work in. */
export function readVariables(
  bundle: string,
  environment: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const worker = new Worker(LOADER, {
    eval: true,
    workerData: { bundle, environment: { ...OF_LAMBDA, ...environment } },
  });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', ({ read, fault }: { read?: readonly string[]; fault?: string }) => {
      void worker.terminate();
      if (read === undefined) reject(new Error(fault));
      else resolve(read);
    });
  });
}
