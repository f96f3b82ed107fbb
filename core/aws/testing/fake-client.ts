import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createDocumentClient, type Table } from '../dynamodb/document-client.ts';

export interface SentCommand {
  /** As `GetCommand`. */
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads in it what the call at hand has
  readonly input: any;
}

/** What a call is answered with, one after the other; an Error is thrown. More calls than answers are a fault. */
export type Answers = readonly (object | Error)[];

/** Stands in for a client of the SDK: keeps what it is sent. */
export function createFakeClient<Client>(answers: Answers): { client: Client; sent: SentCommand[] } {
  const sent: SentCommand[] = [];
  const left = [...answers];
  const send = async (command: { readonly input: object }) => {
    // A copy: the paginators send one object again and again, changed.
    sent.push({ name: command.constructor.name, input: { ...command.input } });
    const answer = left.shift();
    if (answer === undefined) throw new Error(`Nothing left to answer ${command.constructor.name}`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { client: { send } as Client, sent };
}

/** A table whose client stands in; a real one beneath, because the SDK's paginators ask for its class. */
export function createFakeTable(answers: Answers, tableName = 'table'): Table & { sent: SentCommand[] } {
  const { client, sent } = createFakeClient<{ send: never }>(answers);
  const real = createDocumentClient({
    region: 'us-west-2',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
  });
  return { client: Object.assign(real, { send: client.send }), tableName, sent };
}

/** DynamoDB's refusal of one write whose condition does not hold, with the item as it is. */
export const conditionFailed = (item?: Record<string, unknown>): ConditionalCheckFailedException =>
  new ConditionalCheckFailedException({
    message: 'The conditional request failed',
    $metadata: {},
    ...(item === undefined ? {} : { Item: marshall(item) }),
  });

/** DynamoDB's refusal of a transaction: a code for each of its items, `None` for those that did no harm. */
export const transactionCancelled = (
  ...reasons: readonly (string | { readonly Code: string; readonly item: Record<string, unknown> })[]
): TransactionCanceledException =>
  new TransactionCanceledException({
    message: 'Transaction cancelled',
    $metadata: {},
    CancellationReasons: reasons.map((reason) =>
      typeof reason === 'string' ? { Code: reason } : { Code: reason.Code, Item: marshall(reason.item) },
    ),
  });

/** The error with which something fails. */
export const failureOf = async (promise: Promise<unknown>): Promise<Error> => {
  const outcome = await promise.then(
    () => new Error('it did not fail'),
    (error: Error) => error,
  );
  return outcome;
};
