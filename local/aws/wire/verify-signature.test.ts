// With the examples that AWS publishes: so that this is held against something that neither the SDK nor we have written.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CommonFault } from './aws-error.ts';
import { type RequestHead, verifySignature } from './verify-signature.ts';

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
const SCOPE = '20130524/us-east-1/s3/aws4_request';
const NOW = new Date('2013-05-24T00:00:00Z');

const verify = (head: RequestHead, { now = NOW, region = 'us-east-1' } = {}) =>
  verifySignature(head, { secretOf: (id) => (id === KEY_ID ? SECRET : undefined), region, now });

/** "Authenticating Requests: Using the Authorization Header", GET Object. */
const getObject = {
  method: 'GET',
  path: '/test.txt',
  query: new URLSearchParams(),
  headers: {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': EMPTY_SHA256,
    'x-amz-date': '20130524T000000Z',
    authorization:
      `AWS4-HMAC-SHA256 Credential=${KEY_ID}/${SCOPE},SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,` +
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
} satisfies RequestHead;

/** The same page, GET Bucket (List Objects). */
const listObjects = {
  method: 'GET',
  path: '/',
  query: new URLSearchParams({ 'max-keys': '2', prefix: 'J' }),
  headers: {
    host: 'examplebucket.s3.amazonaws.com',
    'x-amz-content-sha256': EMPTY_SHA256,
    'x-amz-date': '20130524T000000Z',
    authorization:
      `AWS4-HMAC-SHA256 Credential=${KEY_ID}/${SCOPE},SignedHeaders=host;x-amz-content-sha256;x-amz-date,` +
      'Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
} satisfies RequestHead;

/** "Authenticating Requests: Using Query Parameters". */
const presigned = {
  method: 'GET',
  path: '/test.txt',
  query: new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${KEY_ID}/${SCOPE}`,
    'X-Amz-Date': '20130524T000000Z',
    'X-Amz-Expires': '86400',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  }),
  headers: { host: 'examplebucket.s3.amazonaws.com' },
} satisfies RequestHead;

const withHeaders = (change: Record<string, string | undefined>): RequestHead => ({
  ...getObject,
  headers: { ...getObject.headers, ...change },
});
const withQuery = (change: Record<string, string | undefined>): RequestHead => {
  const query = { ...Object.fromEntries(presigned.query), ...change };
  const kept = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...presigned, query: new URLSearchParams(kept) };
};
const withAuthorization = (from: string | RegExp, to: string): RequestHead =>
  withHeaders({ authorization: getObject.headers.authorization.replace(from, to) });

const t = suite('a signature');

t('is right where AWS says so, and names its service, its key and its payload', async () => {
  const named = { service: 's3', accessKeyId: KEY_ID };
  assert.equal(await verify(getObject), { ...named, payloadHash: EMPTY_SHA256 });
  assert.equal(await verify(listObjects), { ...named, payloadHash: EMPTY_SHA256 });
  assert.equal(await verify(presigned), { ...named, payloadHash: 'UNSIGNED-PAYLOAD' });
});

t('of a presigned URL is right until it expires, of a call for a quarter of an hour around it', async () => {
  const at = (seconds: number) => ({ now: new Date(NOW.getTime() + seconds * 1000) });
  await verify(presigned, at(86_400));
  await verify(getObject, at(900));
  await verify(getObject, at(-900));
});

type Case = readonly [head: RequestHead, kind: CommonFault['kind'], sentence: RegExp];
const FAULTS: Readonly<Record<string, Case>> = {
  'is missing': [withHeaders({ authorization: undefined }), 'missing', /is not signed/],
  'is of another scheme': [withHeaders({ authorization: 'Basic abc' }), 'malformed', /cannot be read/],
  'comes without a payload hash': [
    withHeaders({ 'x-amz-content-sha256': undefined }),
    'malformed',
    /x-amz-content-sha256 is missing/,
  ],
  'comes without a date': [withHeaders({ 'x-amz-date': undefined }), 'malformed', /x-amz-date is missing/],
  'is of a key that nobody here has': [
    withAuthorization(KEY_ID, 'AKIAOTHER'),
    'unknown-key',
    /not one of this machine/,
  ],
  'has no scope': [withAuthorization('/aws4_request', ''), 'malformed', /scope cannot be read/],
  'has a longer scope': [
    withAuthorization('aws4_request', 'aws4_request/x'),
    'malformed',
    /scope cannot be read/,
  ],
  'is for another region': [withAuthorization('us-east-1', 'eu-west-1'), 'malformed', /scoped to us-east-1/],
  'is for another service': [withAuthorization('/s3/', '/sqs/'), 'mismatch', /does not match/],
  'is for another path': [{ ...getObject, path: '/other.txt' }, 'mismatch', /does not match/],
  'is for another method': [{ ...getObject, method: 'DELETE' }, 'mismatch', /does not match/],
  'is for another query': [{ ...getObject, query: new URLSearchParams('a=b') }, 'mismatch', /does not match/],
  'is for another value of a header': [withHeaders({ range: 'bytes=0-99' }), 'mismatch', /does not match/],
  'leaves a header of AWS out': [
    withHeaders({ 'x-amz-acl': 'public' }),
    'mismatch',
    /x-amz-acl is not signed/,
  ],
  'leaves the host out': [
    withAuthorization('SignedHeaders=host;', 'SignedHeaders='),
    'mismatch',
    /host is not signed/,
  ],
  'is of another day than its scope': [
    withHeaders({ 'x-amz-date': '20130525T000000Z' }),
    'mismatch',
    /does not match/,
  ],
  'has a scope of another day': [
    withAuthorization('/20130524/', '/20130525/'),
    'malformed',
    /scope is of another day/,
  ],
  'comes with a date in another form': [
    withHeaders({ 'x-amz-date': '2013-05-24T00:00:00Z' }),
    'malformed',
    /x-amz-date cannot be read/,
  ],
  'of a URL is of another algorithm': [
    withQuery({ 'X-Amz-Algorithm': 'AWS4-ECDSA' }),
    'malformed',
    /X-Amz-Algorithm/,
  ],
  'of a URL is for a body of its own': [
    withQuery({ 'X-Amz-Content-Sha256': EMPTY_SHA256 }),
    'malformed',
    /X-Amz-Content-Sha256 is to be UNSIGNED/,
  ],
  'of a URL lacks its date': [withQuery({ 'X-Amz-Date': undefined }), 'malformed', /X-Amz-Date is missing/],
  'of a URL is no hex': [withQuery({ 'X-Amz-Signature': 'xyz' }), 'mismatch', /does not match/],
  'of a URL is for longer': [withQuery({ 'X-Amz-Expires': '86401' }), 'mismatch', /does not match/],
  'of a URL is for more than a week': [withQuery({ 'X-Amz-Expires': '604801' }), 'malformed', /1 to 604800/],
  'of a URL is for no time': [withQuery({ 'X-Amz-Expires': '0' }), 'malformed', /1 to 604800/],
  'of a URL stands beside another': [
    { ...presigned, query: new URLSearchParams([...presigned.query, ['X-Amz-Date', 'x']]) },
    'malformed',
    /there twice/,
  ],
};
const faultOf = async (head: RequestHead, options = {}): Promise<CommonFault> => {
  try {
    await verify(head, options);
  } catch (error) {
    assert.instance(error, CommonFault);
    return error as CommonFault;
  }
  throw new Error('it was taken');
};
for (const [what, [head, kind, sentence]] of Object.entries(FAULTS)) {
  t(`that ${what} is refused: ${kind}`, async () => {
    const fault = await faultOf(head);
    assert.is(fault.kind, kind, fault.message);
    assert.match(fault.message, sentence);
  });
}

t('is refused when its time is over or has not come', async () => {
  const at = (seconds: number) => ({ now: new Date(NOW.getTime() + seconds * 1000) });
  assert.is((await faultOf(presigned, at(86_401))).kind, 'expired');
  assert.match((await faultOf(getObject, at(901))).message, /more than 15 minutes ago/);
  assert.match((await faultOf(getObject, at(-901))).message, /in the future/);
});

t.run();
