import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FakeChrome, startFakeChrome } from '../testing/fake-chrome.ts';
import type { ChromeChannel } from './channel.ts';

const unanswered = suite('a command that Chrome does not answer');

let chrome: FakeChrome;
unanswered.before.each(() => {
  chrome = startFakeChrome({ onCommand: () => undefined });
});
unanswered.after.each(() => chrome.stop());

const NOT_FOUND = { code: -32001, message: 'Session with given id not found.' };

interface Client {
  readonly channel: ChromeChannel;
  readonly root: string;
  readonly heard: unknown[];
}

/** A client with sessions of CDP of its own, each below the one before. */
async function open(...cdpSessionIds: readonly string[]): Promise<Client> {
  const channel = await chrome.connection.openChannel(null);
  const root = [...chrome.sessions].at(-1) ?? '';
  const heard: unknown[] = [];
  channel.listen({
    onMessage: (message) => heard.push(JSON.parse(message.toString())),
    onWaiting() {},
    onUnanswered: (id) => heard.push(`unanswered ${id}`),
    onLost() {},
    onOversized() {},
    onDrain() {},
  });
  let parent = root;
  for (const sessionId of cdpSessionIds) {
    chrome.say({ method: 'Target.attachedToTarget', params: { sessionId }, sessionId: parent });
    chrome.say({ method: 'A.event', params: {}, sessionId });
    parent = sessionId;
  }
  await settled();
  heard.length = 0;
  return { channel, root, heard };
}

/** When Chrome has taken all commands, and all that it said has come. */
const settled = () => chrome.connection.call('Browser.getVersion');

const ask = ({ channel }: Client, id: number, cdpSessionId: string) =>
  channel.send(JSON.stringify({ id, method: 'A.b', sessionId: cdpSessionId }), { id, cdpSessionId });

const detach = ({ root }: Client, sessionId: string) =>
  chrome.say({ method: 'Target.detachedFromTarget', params: { sessionId }, sessionId: root });

unanswered('is answered when its session of CDP goes, after that news, with those below it', async () => {
  const client = await open('C1', 'C2');
  ask(client, 5, 'C1');
  ask(client, 6, 'C2');
  ask(client, 7, 'C1');
  chrome.say({ id: 7, result: {}, sessionId: 'C1' });
  await settled();
  detach(client, 'C1');
  await settled();
  assert.equal(client.heard, [
    { id: 7, result: {}, sessionId: 'C1' },
    { method: 'Target.detachedFromTarget', params: { sessionId: 'C1' } },
    'unanswered 5',
    'unanswered 6',
  ]);
});

unanswered('is not answered twice when Chrome then says that it does not know the session', async () => {
  const [client, other] = [await open('C1'), await open('C9')];
  ask(client, 5, 'C1');
  // Under way as well, with the same id, in a session that is there.
  ask(other, 5, 'C9');
  detach(client, 'C1');
  chrome.say({ id: 5, error: NOT_FOUND });
  await settled();
  assert.equal(client.heard.slice(1), ['unanswered 5']);
  assert.equal(other.heard, []);
});

unanswered('is answered in a session of CDP that cannot be spoken to like this', async () => {
  const [client, other] = [await open('C1'), await open('C9')];
  // As of Target.attachToTarget without `flatten`: Chrome never says anything in it.
  chrome.say({
    method: 'Target.attachedToTarget',
    params: { sessionId: 'OLD' },
    sessionId: client.root,
  });
  await settled();
  client.heard.length = 0;
  ask(client, 5, 'OLD');
  ask(other, 5, 'C9');
  chrome.say({ id: 5, error: NOT_FOUND });
  await settled();
  assert.equal([client.heard, other.heard], [[{ id: 5, error: NOT_FOUND }], []]);
});

unanswered('is nobody’s when two can have sent it', async () => {
  const clients = [await open(), await open()];
  for (const { channel, root } of clients)
    channel.send(Buffer.from('{"id":5}'), { id: 5, cdpSessionId: root });
  chrome.say({ id: 5, error: { code: -32600, message: 'unreadable' } });
  await settled();
  assert.equal(
    clients.map(({ heard }) => heard),
    [[], []],
  );
});

unanswered('and of which Chrome says nothing at all is taken for the last one', async () => {
  const [first, last] = [await open('C1'), await open('C2')];
  ask(first, 1, 'C1');
  ask(last, 2, 'C2');
  const error = { error: { code: -32700, message: 'JSON: stack limit exceeded' } };
  chrome.say(error);
  await settled();
  last.channel.close();
  chrome.say(error);
  await settled();
  assert.equal([first.heard, last.heard], [[], [error]]);
});

unanswered.run();
