import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { END_REASONS, type EndReason } from '../../core/domain/end-reason.ts';
import { AppError } from '../../core/domain/errors.ts';
import { isTerminal, SESSION_STATUSES } from '../../core/domain/session.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { instructionAfter } from './instruction.ts';

const CONTAINER = { sessionId: 's1', warmId: undefined };

const failureOf = (run: () => unknown): AppError => {
  try {
    run();
  } catch (error) {
    assert.instance(error, AppError);
    return error as AppError;
  }
  throw new Error('it did not fail');
};

const instructions = suite('what a container is told');

for (const status of SESSION_STATUSES.filter((candidate) => !isTerminal(candidate))) {
  for (const applied of [true, false]) {
    instructions(`is ${status}, whether its report changed anything (${applied}) or not`, () => {
      const item = newSession({ status });
      assert.equal(instructionAfter(CONTAINER, { applied, item }), {
        status,
        endReason: null,
        expiresAt: item.expiresAt,
      });
    });
  }
}

for (const endReason of Object.keys(END_REASONS) as EndReason[]) {
  instructions(`is to end because of ${endReason}, and after the end the same as 409`, () => {
    const ending = newSession({ status: 'TERMINATING', endReason });
    assert.is(instructionAfter(CONTAINER, { applied: false, item: ending }).endReason, endReason);
    const item = newSession({ status: END_REASONS[endReason].status, endReason });
    const { status, facts } = failureOf(() => instructionAfter(CONTAINER, { applied: false, item }));
    assert.equal([status, facts], [409, { endReason }]);
  });
}

instructions('is nothing of the session but that: no token, no address, no metadata', () => {
  const item = newSession({ address: { host: 'h', port: 1 }, taskArn: 'arn:task', userMetadata: '{}' });
  assert.equal(Object.keys(instructionAfter(CONTAINER, { applied: true, item })), [
    'status',
    'endReason',
    'expiresAt',
  ]);
});

instructions('is, for a container that its session does not name, that it is over', () => {
  for (const [session, container] of [
    ['w02', 'w01'],
    [undefined, 'w01'],
    ['w01', undefined],
  ] as const) {
    const item = newSession({ status: 'READY', ...(session === undefined ? {} : { warmId: session }) });
    const failure = failureOf(() =>
      instructionAfter({ sessionId: 's1', warmId: container }, { applied: false, item }),
    );
    assert.equal(
      [failure.code, failure.status, failure.facts],
      ['SESSION_HAS_ENDED', 409, { endReason: null }],
    );
  }
});

instructions('is 404 when the session is gone', () => {
  const failure = failureOf(() => instructionAfter(CONTAINER, { applied: false, item: undefined }));
  assert.equal([failure.code, failure.status], ['SESSION_NOT_FOUND', 404]);
});

instructions.run();
