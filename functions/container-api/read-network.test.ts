import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Certificate } from '../../core/domain/certificate.ts';
import { readProxies } from '../../core/domain/proxies.ts';
import { isTerminal, SESSION_STATUSES, type Session } from '../../core/domain/session.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { sealProxies } from '../../core/tokens/seal-proxies.ts';
import { readNetwork } from './read-network.ts';
import { authentication, containerRequest, containerToken, keySet } from './testing/container-request.ts';

const IDS = ['00000000-0000-4000-8000-00000000000c', '00000000-0000-4000-8000-00000000000d'];
const certificateOf = (certificateId: string, projectId = 'p1'): Certificate => ({
  certificateId,
  projectId,
  pem: `pem of ${certificateId}`,
  notAfter: 't',
  createdAt: 't',
  updatedAt: 't',
});

function read(
  session: Session | undefined,
  {
    getCertificate = async (id: string): Promise<Certificate | undefined> => certificateOf(id),
    token = containerToken(),
  } = {},
) {
  return readNetwork({ ...authentication, getSession: async () => session, getCertificate })({
    ...containerRequest({}),
    bearerToken: token,
  });
}
const withCertificates = (changes: Partial<Session> = {}) =>
  newSession({ status: 'STARTING', certificateIds: IDS, ...changes });

const reading = suite('readNetwork');

reading("is of the session's own, in its order, while the session is not over", async () => {
  assert.equal((await read(withCertificates())).body, {
    certificates: IDS.map((id) => `pem of ${id}`),
    proxies: [],
  });
  const { certificateIds: _, ...without } = withCertificates();
  assert.equal((await read(without)).body, { certificates: [], proxies: [] });
  for (const status of SESSION_STATUSES.filter(isTerminal))
    assert.is((await appErrorOf(read(withCertificates({ status })))).code, 'SESSION_HAS_ENDED');
});

reading('has the proxies of the session, credentials and all', async () => {
  const routes = readProxies([
    { type: 'external', server: 'http://proxy.example', username: 'user', password: 'hunter2' },
  ]);
  const made = withCertificates();
  const tokenKeyId = keySet.current;
  const sealedProxies = await sealProxies(routes, keySet, { sessionId: made.sessionId, tokenKeyId });
  const answer = await read({ ...made, certificateIds: [], tokenKeyId, sealedProxies });
  assert.equal(answer.body, { certificates: [], proxies: routes });
});

reading('is of none at all where one is another project’s or was deleted', async () => {
  for (const second of [certificateOf(IDS[1] ?? '', 'p2'), undefined]) {
    const getCertificate = async (id: string) => (id === IDS[1] ? second : certificateOf(id));
    const { code, message } = await appErrorOf(read(withCertificates(), { getCertificate }));
    assert.is(code, 'CERTIFICATE_NOT_FOUND');
    assert.match(message, IDS[1] ?? '');
  }
  assert.is((await appErrorOf(read(undefined))).code, 'SESSION_NOT_FOUND');
});

reading('is given to the container of the session, and to no other', async () => {
  const foreign = await appErrorOf(read(withCertificates(), { token: containerToken('s2') }));
  assert.is(foreign.code, 'CONTAINER_UNAUTHORIZED');
  const token = containerToken('s1', 'controller', 'w01');
  assert.is(
    (await appErrorOf(read(withCertificates({ warmId: 'w02' }), { token }))).code,
    'SESSION_HAS_ENDED',
  );
});

reading.run();
