import { once } from 'node:events';
import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isUnacknowledged, readRetransmits } from './tcp-state.ts';

const tcp = suite('whether TCP acknowledges');

// As Linux writes them: one that waits for an acknowledgement, a full window, a quiet one; and the first within IPv6.
const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 0100007F:C350 01 00000002:00000000 01:0000042A 00000007     0        0 1 2 0 1 1
   1: 0100007F:1F90 0100007F:C351 01 00020000:00000000 04:0000042A 00000007     0        0 1 2 0 1 1
   2: 0100007F:1F90 0100007F:C352 01 00000000:00000000 02:0000042A 00000000     0        0 1 2 0 1 1
   3: 0100007F:1F90 0200007F:C350 01 00000002:00000000 01:0000042A 00000000     0        0 1 2 0 1 1
`;
const socketOf = (remotePort: number, remoteAddress = '127.0.0.1') => ({
  localPort: 8080,
  remotePort,
  remoteAddress,
});

for (const [what, socket, expected] of [
  ['sends again what nobody acknowledges', socketOf(50_000), true],
  ['asks a peer whose window is full', socketOf(50_001), false],
  ['has nothing to send', socketOf(50_002), false],
  ['waits for a first acknowledgement', socketOf(50_000, '127.0.0.2'), false],
  ['names an IPv4 address within IPv6', socketOf(50_000, '::ffff:127.0.0.1'), true],
  ['is not in the table', socketOf(50_009), undefined],
] as const) {
  tcp(`is read of a socket that ${what}`, () => {
    assert.is(readRetransmits(TABLE, socket), expected);
  });
}

tcp('is so of a peer that does not read', async () => {
  const server = net.createServer((peer) => peer.pause()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('x'.repeat(1_000));
  assert.is(await isUnacknowledged(socket), false);
  socket.destroy();
  server.close();
});

tcp.run();
