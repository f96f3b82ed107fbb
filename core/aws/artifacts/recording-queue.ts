import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { isUuid } from '../../domain/ids.ts';
import { isObject } from '../../domain/is-object.ts';
import { RECORDING } from '../../domain/recording.ts';

export interface RecordingQueue {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/** One page's film, of which an MP4 is to be made. */
export interface FilmRef {
  readonly sessionId: string;
  readonly page: number;
}

export async function queueFilm(
  { client, queueUrl }: RecordingQueue,
  { sessionId, page }: FilmRef,
  projectId: string,
): Promise<void> {
  await client.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: JSON.stringify({ sessionId, page }),
      // SQS gives each project its turn: one with many films does not hold up the others.
      MessageGroupId: projectId,
    }),
  );
}

/** Throws at what `queueFilm` has not written. */
export function readFilmRef(body: string): FilmRef {
  const ref: unknown = JSON.parse(body);
  if (!isObject(ref)) throw new Error('The message is no film');
  const { sessionId, page } = ref;
  const isPage = Number.isInteger(page) && Number(page) >= 0 && Number(page) < RECORDING.maxPages;
  if (typeof sessionId !== 'string' || !isUuid(sessionId) || !isPage)
    throw new Error('The message is no film');
  return { sessionId, page: Number(page) };
}
