import { PassThrough } from 'node:stream';
import { type ChromeConnection, createChromeConnection } from '../chrome/connection.ts';

/** A command as it came through the pipe. */
export interface FakeCommand {
  readonly id: number;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly sessionId?: string;
}

export interface FakeChrome {
  readonly connection: ChromeConnection;
  readonly commands: readonly FakeCommand[];
  /** The same, as they were written. */
  readonly texts: readonly string[];
  /** Sessions that are attached. */
  readonly sessions: ReadonlySet<string>;
  /** What has happened so far is no part of what a test looks at. */
  forget(): void;
  /** What Chrome writes, as it is. */
  say(message: object | string): void;
  /** What Chrome has written and nobody has taken. */
  unreadBytes(): number;
  /** Chrome stops and goes on reading commands. */
  pause(): void;
  resume(): void;
  stop(): void;
}

export interface FakeChromeOptions {
  /** Instead of the echo, for commands in a client's session. */
  readonly onCommand?: (command: FakeCommand, chrome: FakeChrome) => void;
  /** Methods that are never answered. */
  readonly hangs?: readonly string[];
  readonly maxMessageBytes?: number;
}

const TARGETS = [
  { targetId: 'A', type: 'page', title: 'a', url: 'http://a/', attached: false },
  { targetId: 'B', type: 'page', title: 'b', url: 'http://b/', attached: true },
  { targetId: 'W', type: 'service_worker', title: 'w', url: 'http://w/' },
];

/** Chrome's end of the debugging pipe: sessions as Chrome keeps them, and an echo in each. */
export function startFakeChrome({
  onCommand,
  hangs = [],
  maxMessageBytes = 256 << 20,
}: FakeChromeOptions = {}): FakeChrome {
  const toChrome = new PassThrough({ highWaterMark: 65_536 });
  const fromChrome = new PassThrough({ highWaterMark: 65_536 });
  const commands: FakeCommand[] = [];
  const texts: string[] = [];
  const sessions = new Set<string>();
  let partial = '';
  let attached = 0;

  const chrome: FakeChrome = {
    connection: createChromeConnection(toChrome, fromChrome, { maxMessageBytes }),
    commands,
    texts,
    sessions,
    forget() {
      commands.length = 0;
      texts.length = 0;
      sessions.clear();
    },
    say: (message) =>
      void fromChrome.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\0`),
    unreadBytes: () => fromChrome.writableLength + fromChrome.readableLength,
    pause: () => void toChrome.pause(),
    resume: () => void toChrome.resume(),
    stop() {
      toChrome.destroy();
      fromChrome.destroy();
    },
  };
  const answer = ({ id, sessionId }: FakeCommand, rest: object) => chrome.say({ id, ...rest, sessionId });
  const attach = (command: FakeCommand) => {
    const sessionId = `S${++attached}`;
    sessions.add(sessionId);
    const { sessionId: parent } = command;
    chrome.say({ method: 'Target.attachedToTarget', params: { sessionId }, sessionId: parent });
    answer(command, { result: { sessionId } });
  };
  const METHODS: Readonly<Record<string, (command: FakeCommand) => void>> = {
    'Browser.getVersion': (command) => answer(command, { result: { product: 'Fake/1' } }),
    'Target.attachToBrowserTarget': attach,
    'Target.attachToTarget': (command) =>
      command.params?.targetId === 'missing'
        ? answer(command, { error: { code: -32602, message: 'No target with given id found' } })
        : attach(command),
    'Target.detachFromTarget'(command) {
      sessions.delete(String(command.params?.sessionId));
      answer(command, { result: {} });
    },
    'Target.setAutoAttach': (command) => answer(command, { result: {} }),
    'Target.getTargets': (command) => answer(command, { result: { targetInfos: TARGETS } }),
    'Target.createTarget': (command) => answer(command, { result: { targetId: 'F' } }),
    'Page.navigate': (command) => answer(command, { result: {} }),
    'Target.closeTarget': (command) => answer(command, { result: {} }),
    'Runtime.evaluate': (command) =>
      answer(command, { result: readFrontend(String(command.params?.expression)) }),
  };
  const take = (text: string) => {
    const command = JSON.parse(text) as FakeCommand;
    commands.push(command);
    texts.push(text);
    const known = METHODS[command.method];
    if (hangs.includes(command.method)) return;
    if (known !== undefined) known(command);
    else if (onCommand !== undefined) onCommand(command, chrome);
    else answer(command, { result: { echo: command.params } });
  };
  toChrome.setEncoding('utf8').on('data', (chunk: string) => {
    const messages = (partial + chunk).split('\0');
    partial = messages.pop() ?? '';
    // Chrome is another process: its answers come with the loop's next turn, after what else has happened.
    for (const message of messages) setImmediate(take, message);
  });
  return chrome;
}

const readFrontend = (expression: string) => ({
  result: {
    value: expression.includes('"devtools://devtools/bundled/inspector.html"')
      ? ['text/html', Buffer.from('<html>inspector</html>').toString('base64')]
      : null,
  },
});
