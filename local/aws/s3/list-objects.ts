import { AwsError } from '../wire/aws-error.ts';
import { element, textElement, XML_DECLARATION } from '../wire/xml.ts';
import type { ObjectRequest } from './object-request.ts';
import type { ObjectInfo, ObjectStore } from './object-store.ts';

const MAX_KEYS = 1000;

/** ListObjectsV2 with prefix, max-keys and continuation-token. */
export async function listObjects({ bucket, option }: ObjectRequest, store: ObjectStore): Promise<string> {
  const prefix = option('prefix') ?? '';
  const maxKeys = readMaxKeys(option('max-keys'));
  const token = option('continuation-token');
  const all = await store.list(prefix);
  // The token is the last key of the page before.
  const after = token === undefined ? undefined : Buffer.from(token, 'base64url');
  const rest =
    after === undefined ? all : all.filter(({ key }) => Buffer.compare(Buffer.from(key), after) > 0);
  const page = rest.slice(0, maxKeys);
  const isTruncated = page.length < rest.length;
  const last = page.at(-1);
  const content =
    textElement('Name', bucket) +
    textElement('Prefix', prefix) +
    textElement('MaxKeys', maxKeys) +
    textElement('KeyCount', page.length) +
    textElement('IsTruncated', isTruncated) +
    (token === undefined ? '' : textElement('ContinuationToken', token)) +
    (isTruncated && last !== undefined
      ? textElement('NextContinuationToken', Buffer.from(last.key).toString('base64url'))
      : '') +
    page.map(describe).join('');
  const namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  return `${XML_DECLARATION}<ListBucketResult ${namespace}>${content}</ListBucketResult>`;
}

function readMaxKeys(text: string | undefined): number {
  if (text === undefined) return MAX_KEYS;
  if (!/^\d{1,9}$/.test(text)) throw new AwsError('InvalidArgument', 'max-keys is not a number');
  return Math.min(MAX_KEYS, Number(text));
}

const describe = ({ key, modifiedAtMs, md5, size }: ObjectInfo): string =>
  element(
    'Contents',
    textElement('Key', key) +
      textElement('LastModified', new Date(modifiedAtMs).toISOString()) +
      textElement('ETag', `"${md5}"`) +
      textElement('Size', size) +
      textElement('StorageClass', 'STANDARD'),
  );
