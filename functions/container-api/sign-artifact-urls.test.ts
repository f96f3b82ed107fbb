import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isTerminal, SESSION_STATUSES, type Session } from '../../core/domain/session.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { signArtifactUrls } from './sign-artifact-urls.ts';
import { authentication, containerRequest, containerToken } from './testing/container-request.ts';

const urls = suite('signArtifactUrls');

function sign(session: Session | undefined, sequences: readonly number[], bearerToken = containerToken()) {
  const signed: string[] = [];
  const artifacts = sequences.map((sequence) => ({ kind: 'log', sequence }) as const);
  const answer = signArtifactUrls({
    ...authentication,
    getSession: async () => session,
    presignPut: async (key) => {
      signed.push(key);
      return `https://bucket/${key}?signed`;
    },
  })({ ...containerRequest({ artifacts }), bearerToken });
  return { answer, signed };
}

for (const status of SESSION_STATUSES.filter((candidate) => !isTerminal(candidate))) {
  urls(`signs one URL for each segment of the session’s own log while it is ${status}`, async () => {
    const { answer } = sign(newSession({ status }), [0, 12]);
    assert.equal((await answer).body, {
      urls: [
        'https://bucket/logs/p1/s1/000000.jsonl.gz?signed',
        'https://bucket/logs/p1/s1/000012.jsonl.gz?signed',
      ],
    });
  });
}

urls('signs for the chunks of a page’s film, and the list of them', async () => {
  const signed: string[] = [];
  const answer = signArtifactUrls({
    ...authentication,
    getSession: async () => newSession({ status: 'READY' }),
    presignPut: async (key) => {
      signed.push(key);
      return key;
    },
  });
  const artifacts = [
    { kind: 'recording', page: 0, chunk: 12 },
    { kind: 'recording-index', page: 9 },
  ] as const;
  await answer({ ...containerRequest({ artifacts }), bearerToken: containerToken() });
  assert.equal(signed, ['recordings/p1/s1/0/000012.mp4', 'recordings/p1/s1/9/index.json']);
});

for (const status of SESSION_STATUSES.filter(isTerminal)) {
  urls(`signs nothing once the session is ${status}`, async () => {
    const { answer, signed } = sign(newSession({ status }), [0]);
    assert.equal([(await appErrorOf(answer)).code, signed], ['SESSION_HAS_ENDED', []]);
  });
}

urls(
  'signs nothing for another session, for a token of another kind, and for what is not there',
  async () => {
    const others: readonly (readonly [Session | undefined, string, string])[] = [
      [newSession({ status: 'READY' }), containerToken('s2'), 'CONTAINER_UNAUTHORIZED'],
      [newSession({ status: 'READY' }), containerToken('s1', 'cdp'), 'CONTAINER_UNAUTHORIZED'],
      // A container of the pool that is not, or no more, this session's.
      [newSession({ status: 'READY' }), containerToken('s1', 'controller', 'w1'), 'SESSION_HAS_ENDED'],
      [undefined, containerToken(), 'SESSION_NOT_FOUND'],
    ];
    for (const [session, token, code] of others) {
      const { answer, signed } = sign(session, [0], token);
      assert.equal([(await appErrorOf(answer)).code, signed], [code, []]);
    }
  },
);

urls.run();
