import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

type Address = Pick<Socket, 'localPort' | 'remotePort' | 'remoteAddress'>;

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];
const RETRANSMIT_TIMER = '01';

/**
 * Whether what was sent to the peer is not acknowledged, so that the kernel sends it again: its network or its machine is
 * gone. A process that stands still does not show: its kernel acknowledges, or says that its window is full. Where the
 * kernel does not tell, nobody is taken for gone.
 */
export async function isUnacknowledged(socket: Address): Promise<boolean> {
  for (const table of TABLES) {
    const text = await readFile(table, 'latin1').catch(() => '');
    const isSentAgain = readRetransmits(text, socket);
    if (isSentAgain !== undefined) return isSentAgain;
  }
  return false;
}

/** From a table of the kernel's; undefined: the socket is not in it. */
export function readRetransmits(table: string, socket: Address): boolean | undefined {
  const { localPort = 0, remotePort = 0, remoteAddress } = socket;
  const local = `:${hex(localPort, 4)}`;
  const remote = `${hexAddress(remoteAddress)}:${hex(remotePort, 4)}`;
  for (const line of table.split('\n')) {
    const [, from, to, , , timer, retransmits] = line.trim().split(/\s+/);
    if (from?.endsWith(local) !== true || to?.endsWith(remote) !== true) continue;
    return timer?.startsWith(`${RETRANSMIT_TIMER}:`) === true && Number.parseInt(retransmits ?? '0', 16) > 0;
  }
  return undefined;
}

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

/** As the kernel writes an IPv4 address, which is also how one within IPv6 ends; of others the port must do. */
function hexAddress(address: string | undefined): string {
  const ipv4 = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address ?? '');
  return ipv4 === null
    ? ''
    : ipv4
        .slice(1)
        .reverse()
        .map((part) => hex(Number(part), 2))
        .join('');
}
