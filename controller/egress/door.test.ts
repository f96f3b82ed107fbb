import { connect } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Upstream } from './context-proxy.ts';
import { EgressDoor } from './door.ts';

const UPSTREAM: Upstream = { scheme: 'http', host: 'proxy.example', port: 3128, bypass: [] };

/** A Chrome whose network is done by `process`, which may be another one later. */
function networkOf() {
  const network = { process: 1 };
  let noted: number | undefined;
  const note = () => {
    noted ??= network.process;
  };
  const isTheSame = () => {
    note();
    return noted === network.process;
  };
  const forget = () => {
    noted = undefined;
  };
  return { network, service: { note, isTheSame, forget } };
}

async function openDoor() {
  const { network, service } = networkOf();
  const door = new EgressDoor(10, service);
  const { port } = await door.listen();
  const told: string[] = [];
  const open = () =>
    door.open(
      (socket) => socket.end('let out'),
      () => told.push('forgotten'),
    );
  open();
  /** What a browser gets that knocks there. */
  const knock = (at = port) =>
    new Promise<string>((resolve) => {
      let got = '';
      const socket = connect(at, '127.0.0.1');
      socket.on('data', (bytes) => {
        got += bytes;
      });
      socket.once('error', () => undefined).once('close', () => resolve(got));
    });
  return { door, network, told, knock, open };
}

const doors = suite('the door of a guarded browser');

doors('stays open for another network service, where no context has a proxy of its own', async () => {
  const { door, network, told, knock } = await openDoor();
  network.process = 2;
  assert.is(await knock(), 'let out');
  assert.equal(told, []);
  door.close();
});

if (process.platform === 'linux')
  doors(
    'is shut for another one, which does not know the proxies of its contexts; it is told once',
    async () => {
      const { door, network, told, knock } = await openDoor();
      door.sideOf(UPSTREAM);
      assert.is(await knock(), 'let out');
      network.process = 2;
      assert.equal([await knock(), await knock()], ['', '']);
      assert.equal(told, ['forgotten']);
      network.process = 1;
      assert.is(await knock(), '', 'it stays shut');
      const { port } = await door.listen();
      assert.is(await knock(port), 'let out', 'another Chrome has forgotten nothing');
      door.close();
    },
  );

doors.run();
