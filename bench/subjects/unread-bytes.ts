import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';

const HEX = 16;

/** What has arrived for a socket of this process and has not been read, as the kernel counts it. */
export function unreadBytesOf({ localPort, remotePort }: Socket): number {
  const isOurs = (address: string | undefined, port: number | undefined) =>
    Number.parseInt(address?.split(':')[1] ?? '', HEX) === port;
  const line = readFileSync('/proc/self/net/tcp', 'utf8')
    .split('\n')
    .map((each) => each.trim().split(/\s+/))
    .find(([, local, remote]) => isOurs(local, localPort) && isOurs(remote, remotePort));
  return Number.parseInt(line?.[4]?.split(':')[1] ?? '0', HEX);
}
