import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Random } from './random.ts';
import type { Turns } from './turns.ts';

/** How often a command meets each fault. */
export interface StoreFaults {
  /** Refused before it did anything, for longer than the SDK tries. */
  readonly refused: number;
  /** Done, and nobody hears of it. */
  readonly unheard: number;
  /** Done, its answer lost, and done again by the SDK: whoever asked has the answer of the second. */
  readonly repeated: number;
}

/** What the store throws; named as the SDK does. */
export class StoreFault extends Error {
  override readonly name = 'InternalServerError';
}

export const STORE_TURN = 'store: ';

/** A client whose every command waits for its turn, and may meet a fault. */
export function storeInTurns(
  real: DynamoDBDocumentClient,
  turns: Pick<Turns, 'take'>,
  random: Random,
  faults: StoreFaults,
): DynamoDBDocumentClient {
  const send = (command: object) =>
    turns.take(`${STORE_TURN}${command.constructor.name}`, async () => {
      const now = random.next();
      const run = () => real.send(command as never);
      if (now < faults.refused) throw new StoreFault('refused');
      const answer = await run();
      if (now < faults.refused + faults.unheard) throw new StoreFault('unheard');
      // A transaction has a token, by which DynamoDB knows the second one.
      const isRepeated = now < faults.refused + faults.unheard + faults.repeated;
      return isRepeated && !(command instanceof TransactWriteCommand) ? run() : answer;
    });
  // The SDK's paginators ask what they are given for its class.
  return Object.assign(Object.create(real), { send });
}
