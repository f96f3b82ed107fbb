import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Listens for a moment. The port, any free one for 0; undefined when another process listens on it. */
export async function probePort(port: number, host: string): Promise<number | undefined> {
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, 'listening');
    const found = (probe.address() as AddressInfo).port;
    probe.close();
    await once(probe, 'close');
    return found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}
