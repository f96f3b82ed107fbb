import { createHash } from 'node:crypto';
import { AwsError } from '../wire/aws-error.ts';

/** As SNS and SQS share them; binary values in base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const MAX_ATTRIBUTES = 10;
const NAME = /^(?!\.)[\w.-]{1,256}(?<!\.)$/;
const DATA_TYPE = /^(String|Number|Binary)(\..+)?$/;

/** Checks attributes as SQS does; `code` is the error of the service that asks. */
export function checkAttributes(attributes: MessageAttributes, code: string): void {
  const entries = Object.entries(attributes);
  if (entries.length > MAX_ATTRIBUTES)
    throw new AwsError(code, `A message has at most ${MAX_ATTRIBUTES} attributes`);
  for (const [name, { DataType, StringValue, BinaryValue }] of entries) {
    const value = DATA_TYPE.exec(DataType ?? '')?.[1] === 'Binary' ? BinaryValue : StringValue;
    if (!NAME.test(name) || !DATA_TYPE.test(DataType ?? '') || typeof value !== 'string' || value === '') {
      throw new AwsError(code, `The message attribute '${name}' is not valid`);
    }
  }
}

export const md5Hex = (text: string): string => createHash('md5').update(text).digest('hex');

const BINARY = 2;
const TEXT = 1;

/** The digest that the SDK checks: name, type and value of each attribute, each with its length, sorted by name. */
export function digestAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name] as MessageAttribute;
    const isBinary = attribute.BinaryValue !== undefined;
    add(Buffer.from(name));
    add(Buffer.from(attribute.DataType));
    hash.update(Buffer.of(isBinary ? BINARY : TEXT));
    add(isBinary ? Buffer.from(attribute.BinaryValue, 'base64') : Buffer.from(attribute.StringValue ?? ''));
  }
  return hash.digest('hex');
}

/** The attributes a receiver asked for: names, `All`, or a prefix written `name.*`. */
export function selectAttributes(
  attributes: MessageAttributes,
  wanted: readonly string[],
): MessageAttributes {
  const isWanted = (name: string): boolean =>
    wanted.some(
      (want) =>
        want === 'All' ||
        want === '.*' ||
        want === name ||
        (want.endsWith('.*') && name.startsWith(want.slice(0, -1))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}
