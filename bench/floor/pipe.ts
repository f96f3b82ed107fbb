/** The least that stands between a client and a Chrome: a process of its own that passes bytes on, both ways. */
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

const port = Number(process.argv[2]);
const server = net.createServer({ noDelay: true }, (client) => {
  const chrome = net.connect({ host: '127.0.0.1', port, noDelay: true });
  client.pipe(chrome).pipe(client);
  for (const socket of [client, chrome])
    socket.on('error', () => {
      client.destroy();
      chrome.destroy();
    });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.((server.address() as AddressInfo).port);
process.once('disconnect', () => process.exit());
