import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Reached directly if at all: the guard lets nobody there. */
const CANARY = '127.0.0.2';

/** Everything that reaches an address which nobody may reach. */
export async function startCanary(host = CANARY) {
  const seen: string[] = [];
  const tcp = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => seen.push(`tcp ${String(bytes.subarray(0, 60)).split('\r')[0]}`));
    seen.push('tcp connected');
    setTimeout(() => socket.destroy(), 2_000);
  });
  const udp = createSocket('udp4', () => seen.push('udp'));
  tcp.listen(0, host);
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  udp.bind(port, host);
  await once(udp, 'listening');
  return {
    seen,
    target: `${host}:${port}`,
    close(): void {
      tcp.close();
      udp.close();
    },
  };
}
