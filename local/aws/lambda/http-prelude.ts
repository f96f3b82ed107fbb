/** Reads the front of a streamed answer: status and headers as JSON, eight NUL bytes, then the body. */
import type { Readable } from 'node:stream';

const DELIMITER = Buffer.alloc(8);
const MAX_PRELUDE_BYTES = 16_384;

export interface StreamedResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

/** What the function streamed does not begin as an HTTP answer does. */
export class MalformedPrelude extends Error {
  override readonly name = 'MalformedPrelude';
}

/** Takes the prelude off `stream`, whose rest becomes the body. Rejects with the stream's own error if it has one. */
export async function readPrelude(stream: Readable): Promise<StreamedResponse> {
  let head = Buffer.alloc(0);
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    head = Buffer.concat([head, chunk as Buffer]);
    const end = head.indexOf(DELIMITER);
    if (end >= 0) {
      const rest = head.subarray(end + DELIMITER.length);
      if (rest.length > 0) stream.unshift(rest);
      return { ...parsePrelude(head.subarray(0, end)), body: stream };
    }
    if (head.length > MAX_PRELUDE_BYTES) break;
  }
  stream.destroy();
  throw new MalformedPrelude('The streamed answer has no prelude');
}

function parsePrelude(bytes: Buffer): Omit<StreamedResponse, 'body'> {
  let prelude: Partial<StreamedResponse> | null;
  try {
    prelude = JSON.parse(bytes.toString('utf8')) as Partial<StreamedResponse> | null;
  } catch (cause) {
    throw new MalformedPrelude('The prelude of the streamed answer is not JSON', { cause });
  }
  const { statusCode, headers = {}, ...others } = prelude ?? {};
  if (!Number.isInteger(statusCode)) throw new MalformedPrelude('The prelude has no status code');
  const [other] = Object.keys(others);
  if (other !== undefined) throw new MalformedPrelude(`The stand-in does not support ${other} in a prelude`);
  return { statusCode: statusCode as number, headers };
}
