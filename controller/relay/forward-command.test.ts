import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChromeChannel } from '../chrome/channel.ts';
import { createForwardCommand } from './forward-command.ts';
import { FULL_CONTROL, PAGE_CONTROL, type Rights, VIEW_ONLY } from './rights.ts';

const LARGE = `{"id":7,"method":"A.b","params":{"x":"${'x'.repeat(100_000)}"},"sessionId":"S1"}`;

/** What becomes of one message of a client with these rights. */
function forward(
  message: string,
  rights: Rights,
  send: ChromeChannel['send'] = () => 'sent',
): { sent: string[]; answers: { id?: number; error?: { code: number; message: string } }[]; seen: string[] } {
  const outcome = { sent: [] as string[], answers: [] as object[], seen: [] as string[] };
  const forwardCommand = createForwardCommand({
    rights,
    chrome: {
      send(text, command) {
        outcome.sent.push(text.toString());
        return send(text, command);
      },
    },
    downloadsFolder: '/downloads',
    uploadPathOf: () => undefined,
    limits: { maxMessageBytes: 200_000 },
    answer: (text) => outcome.answers.push(JSON.parse(text)),
    onFull: () => outcome.seen.push('full'),
    onBrowserClose: () => outcome.seen.push('Browser.close'),
  });
  forwardCommand(Buffer.from(message));
  return outcome;
}

const rights = suite('the rights of a client');

for (const [what, message, id] of [
  ['a command', '{"id":1,"method":"Page.navigate","params":{"url":"http://a/"}}', 1],
  ['a command that only reads', '{"id":2,"method":"Target.getTargets"}', 2],
  ['a command in a session of CDP', '{"id":3,"method":"A.b","sessionId":"S1"}', 3],
  ['Browser.close', '{"id":4,"method":"Browser.close"}', 4],
  ['a command that would be rewritten', '{"id":5,"method":"Browser.setDownloadBehavior","params":{}}', 5],
  [
    'a command within a command',
    '{"id":6,"method":"Target.sendMessageToTarget","params":{"message":"{\\"id\\":1,\\"method\\":\\"A.b\\"}"}}',
    6,
  ],
  ['a large command', LARGE, 7],
] as const) {
  rights(
    `without control, ${what} is answered as Chrome answers what it refuses, and goes no further`,
    () => {
      const { sent, answers, seen } = forward(message, VIEW_ONLY);
      assert.equal([sent, seen], [[], []]);
      const error = { code: -32000, message: 'This connection may watch, and command nothing' };
      const sessionId = JSON.parse(message).sessionId;
      assert.equal(answers, [sessionId === undefined ? { id, error } : { id, error, sessionId }]);
    },
  );
}

rights('without control, a message that is no command is answered as for everybody', () => {
  const [answer] = forward('nonsense', VIEW_ONLY).answers;
  assert.equal(answer, forward('nonsense', FULL_CONTROL).answers[0]);
  assert.is(answer?.error?.code, -32700);
});

rights('with control, commands pass, small and large', () => {
  for (const message of ['{"id":1,"method":"A.b"}', LARGE])
    assert.equal(forward(message, FULL_CONTROL), { sent: [message], answers: [], seen: [] });
});

rights('with control of one page, what is its own passes, and goes rewritten where it must', () => {
  const own = '{"id":1,"method":"Page.reload","sessionId":"S1"}';
  assert.equal(forward(own, PAGE_CONTROL), { sent: [own], answers: [], seen: [] });
  const { sent } = forward(
    '{"id":2,"method":"Target.getTargetInfo","params":{"targetId":"X"}}',
    PAGE_CONTROL,
  );
  assert.equal(
    sent.map((text) => JSON.parse(text)),
    [{ id: 2, method: 'Target.getTargetInfo', params: {} }],
  );
});

rights('with control of one page, all else is answered in the session that it named, however large', () => {
  const filling = 'x'.repeat(100_000);
  for (const params of [{}, { filling }]) {
    const command = { id: 3, method: 'Storage.getCookies', params, sessionId: 'S1' };
    const { sent, answers, seen } = forward(JSON.stringify(command), PAGE_CONTROL);
    const error = { code: -32601, message: "'Storage.getCookies' wasn't found" };
    assert.equal([sent, answers, seen], [[], [{ id: 3, error, sessionId: 'S1' }], []]);
  }
  assert.equal(forward('{"id":4,"method":"Browser.close"}', PAGE_CONTROL).seen, []);
});

rights.run();

const outcomes = suite('a command on its way to Chrome');

outcomes('is answered when its session of CDP is not the client’s', () => {
  const { answers } = forward('{"id":1,"method":"A.b","sessionId":"S9"}', FULL_CONTROL, () => 'unknown');
  assert.equal(answers, [{ id: 1, error: { code: -32001, message: 'Session with given id not found.' } }]);
});

outcomes('says when Chrome takes no more', () => {
  assert.equal(forward('{"id":1,"method":"A.b"}', FULL_CONTROL, () => 'full').seen, ['full']);
});

outcomes('of closing the browser is answered, and notified', () => {
  const { sent, answers, seen } = forward('{"id":1,"method":"Browser.close"}', FULL_CONTROL);
  assert.equal([sent, answers, seen], [[], [{ id: 1, result: {} }], ['Browser.close']]);
});

outcomes('that is large and in a strange session is answered with its id', () => {
  const { answers } = forward(LARGE, FULL_CONTROL, () => 'unknown');
  assert.equal(answers, [{ id: 7, error: { code: -32001, message: 'Session with given id not found.' } }]);
});

outcomes('that is too large only once it is written out is answered, and goes no further', () => {
  const many = `{"id":8,"method":"A.b","params":{"many":[${'1e20,'.repeat(10_000)}0]}}`;
  const { sent, answers } = forward(many, FULL_CONTROL);
  assert.equal([sent, answers[0]?.id, answers[0]?.error?.code], [[], 8, -32600]);
});

outcomes('that is rewritten goes to the session that it named', () => {
  const command = {
    id: 1,
    method: 'Page.setDownloadBehavior',
    params: { behavior: 'deny' },
    sessionId: 'S1',
  };
  const sessions: (string | undefined)[] = [];
  const { sent } = forward(JSON.stringify(command), FULL_CONTROL, (_, { cdpSessionId }) => {
    sessions.push(cdpSessionId);
    return 'sent';
  });
  assert.equal(sessions, ['S1']);
  assert.equal(JSON.parse(sent[0] ?? ''), {
    ...command,
    params: { behavior: 'deny', downloadPath: '/downloads' },
  });
});

outcomes(
  'of closing the browser within a command closes it, and no message within one that is none does',
  () => {
    const wrap = (message: string) =>
      JSON.stringify({ id: 4, method: 'Target.sendMessageToTarget', params: { message } });
    const closing = forward(wrap('{"id":1,"method":"Browser.close"}'), FULL_CONTROL);
    assert.equal(
      [closing.sent, closing.answers, closing.seen],
      [[], [{ id: 4, result: {} }], ['Browser.close']],
    );
    const none = forward(wrap('Browser.close'), FULL_CONTROL);
    assert.equal([none.sent, none.answers[0]?.id, none.seen], [[], 4, []]);
  },
);

outcomes('that Chrome has no more room for is not told of twice', () => {
  const { sent, answers, seen } = forward(LARGE, FULL_CONTROL, () => 'full');
  assert.equal([sent.length, answers, seen], [1, [], ['full']]);
});

outcomes.run();
