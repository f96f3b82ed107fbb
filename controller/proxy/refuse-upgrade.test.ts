import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLogger } from '../../core/log/logger.ts';
import { REFUSALS, refusalOfHandshake } from './refusals.ts';
import { createRefuseUpgrade } from './refuse-upgrade.ts';

const refused = suite('an upgrade that is refused');

function start() {
  const statuses: number[] = [];
  const logs: Record<string, unknown>[] = [];
  const refuse = createRefuseUpgrade({
    metrics: { countUpgrade: (status) => statuses.push(status) },
    logger: createLogger({}, (line) => logs.push(JSON.parse(line))),
  });
  return { refuse, statuses, logs };
}

/** Both ends of a connection. */
async function connect(): Promise<{ client: Socket; server: Socket; close: () => void }> {
  const listener = net.createServer({ allowHalfOpen: true });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const client = net.connect((listener.address() as AddressInfo).port, '127.0.0.1');
  const [server] = await once(listener, 'connection');
  return { client, server, close: () => listener.close() };
}

refused('is answered on its bare socket, counted and logged', async () => {
  const { refuse, statuses, logs } = start();
  const { client, server, close } = await connect();
  client.end('GET /?signingKey=the-secret HTTP/1.1\r\n\r\n');
  refuse(server, REFUSALS.badToken);
  let text = '';
  for await (const chunk of client) text += chunk;
  close();
  const [head = '', body = ''] = text.split('\r\n\r\n');
  assert.match(head, /^HTTP\/1\.1 401 Unauthorized\r\n/);
  assert.match(head, 'connection: close');
  assert.equal(JSON.parse(body), {
    statusCode: 401,
    error: 'Unauthorized',
    message: 'The token is missing, expired or not for this session',
  });
  assert.equal(statuses, [401]);
  const [{ message, status, ...rest } = {}] = logs;
  assert.equal([message, status], ['an upgrade was refused', 401]);
  assert.not.match(JSON.stringify(rest), 'the-secret');
});

refused('is counted although its client has left', async () => {
  const { refuse, statuses } = start();
  const { client, server, close } = await connect();
  server.on('error', () => {});
  client.destroy();
  server.destroy();
  refuse(server, REFUSALS.ending);
  close();
  assert.equal([statuses, server.destroyed], [[410], true]);
});

refused.run();

const words = suite('what the proxy says no with');

words('is one sentence each, without a full stop, that nobody else has', () => {
  const messages = Object.values(REFUSALS).map(({ message }) => message);
  assert.is(new Set(messages).size, messages.length);
  for (const message of messages) assert.match(message, /^[A-Z][^.]+$/);
});

words('names the header that is wrong with a handshake, and the versions that there are', () => {
  const refusal = refusalOfHandshake('GET', new Error('Missing or invalid Sec-WebSocket-Key header'));
  assert.equal(refusal, {
    status: 400,
    message: 'This is no WebSocket handshake: Missing or invalid Sec-WebSocket-Key header',
    headers: { 'sec-websocket-version': '13, 8' },
  });
});

words('names the method before any header', () => {
  for (const method of ['POST', undefined])
    assert.is(refusalOfHandshake(method, new Error('Invalid Upgrade header')), REFUSALS.wrongMethod);
});

words.run();
