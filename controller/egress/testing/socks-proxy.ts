import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const OK = 0;
const REFUSED = 5;

/** A SOCKS proxy (RFC 1928, 1929, and SOCKS 4a) that leads everything to one port of this machine. */
export async function startSocksProxy(leadsTo: number, { password }: { readonly password?: string } = {}) {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    void greet(socket).catch(() => socket.destroy());
  });

  async function greet(socket: Socket): Promise<void> {
    const read = reader(socket);
    const [version] = await read(1);
    const destination = version === 4 ? await readFour(read) : await readFive(read, socket);
    if (destination === undefined) return void socket.end();
    asked.push(destination);
    const isRefused = destination.startsWith('refused.');
    socket.write(answerOf(version ?? 0, isRefused ? REFUSED : OK));
    if (isRefused) return void socket.end();
    const site = connect(leadsTo, '127.0.0.1');
    site.on('error', () => socket.destroy());
    socket.pipe(site).pipe(socket);
  }

  /** Undefined: who asks is not known. */
  async function readFive(read: Read, socket: Socket): Promise<string | undefined> {
    const methods = await read((await read(1))[0] ?? 0);
    const wanted = password === undefined ? 0 : 2;
    if (!methods.includes(wanted)) return void socket.write(Buffer.from([5, 0xff]));
    socket.write(Buffer.from([5, wanted]));
    if (wanted === 2 && !(await isKnown(read, socket))) return undefined;
    const [, , , kind] = await read(4);
    const host = kind === 3 ? String(await read((await read(1))[0] ?? 0)) : [...(await read(4))].join('.');
    return `${host}:${(await read(2)).readUInt16BE()}`;
  }

  async function isKnown(read: Read, socket: Socket): Promise<boolean> {
    await read(1);
    const name = await read((await read(1))[0] ?? 0);
    const word = await read((await read(1))[0] ?? 0);
    const isUser = `${name}:${word}` === `user:${password}`;
    socket.write(Buffer.from([1, isUser ? 0 : 1]));
    return isUser;
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    /** Where it led to. */
    asked,
    stop(): void {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

async function readFour(read: Read): Promise<string> {
  await read(1);
  const port = (await read(2)).readUInt16BE();
  const address = await read(4);
  await readText(read);
  // 4a: an address that is none, and the name behind it.
  const isName = address[0] === 0 && address[1] === 0 && address[2] === 0;
  return `${isName ? await readText(read) : [...address].join('.')}:${port}`;
}

async function readText(read: Read): Promise<string> {
  let text = '';
  for (;;) {
    const [byte = 0] = await read(1);
    if (byte === 0) return text;
    text += String.fromCharCode(byte);
  }
}

const answerOf = (version: number, reply: number): Buffer =>
  version === 4
    ? Buffer.from([0, reply === OK ? 90 : 91, 0, 0, 0, 0, 0, 0])
    : Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]);

type Read = (bytes: number) => Promise<Buffer>;

/** So many bytes and no more, as they come. */
function reader(socket: Socket): Read {
  return async (bytes) => {
    for (;;) {
      const chunk = bytes === 0 ? Buffer.alloc(0) : (socket.read(bytes) as Buffer | null);
      if (chunk !== null && chunk.length === bytes) return chunk;
      await once(socket, 'readable');
    }
  };
}
