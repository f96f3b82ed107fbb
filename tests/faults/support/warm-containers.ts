import { randomUUID } from 'node:crypto';
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import type { Table } from '../../../core/aws/dynamodb/document-client.ts';
import { fillSlot } from '../../../core/aws/pool/fill-slot.ts';
import { CLAIM_SEALING, type ClaimAnswer, parseAssignment } from '../../../core/domain/claim.ts';
import { pause } from '../../../core/domain/clock.ts';
import { WARM } from '../../../core/domain/timing.ts';
import { WARM_SLOTS, warmSlot } from '../../../core/domain/warm-container.ts';
import { type Claim, ClaimNotTakenError } from '../../../functions/sessions/send-claim.ts';
import type { Cluster, Container, Task } from './cluster.ts';
import { keySet } from './platform.ts';
import type { Random } from './random.ts';
import type { Turns } from './turns.ts';

/** What a claim meets; the rest is ready at once. */
export interface ClaimFaults {
  /** Nobody listens there. */
  readonly refused: number;
  /** Taken, and the answer is lost. */
  readonly unheard: number;
  /** It has a profile to restore first. */
  readonly restoring: number;
}

interface Deps {
  readonly turns: Turns;
  readonly random: Random;
  readonly faults: ClaimFaults;
  readonly cluster: Cluster;
  readonly pool: Table;
  /** What a container is once it has a session. */
  readonly assign: (task: Task, session: { sessionId: string; token: string; isReady: boolean }) => Container;
}

const { alg, crv } = CLAIM_SEALING;
const keyPair = await generateKeyPair(alg, { crv, extractable: true });
const publicKey = JSON.stringify(await exportJWK(keyPair.publicKey));

/** A pool of `count` containers that can be claimed, and the way of a claim to each. */
export async function createWarmContainers(deps: Deps, count: number) {
  const { turns, cluster, pool } = deps;
  const byHost = new Map<string, ReturnType<typeof warmContainer>>();
  for (let number = 1; number <= count; number++) {
    const slot = warmSlot(number);
    const warmId = `${slot}-${randomUUID()}`;
    const task = cluster.run(
      warmId,
      (started) => {
        const container = warmContainer(deps, started);
        byHost.set(started.host, container);
        return container;
      },
      { isTold: false },
    );
    await fillSlot(pool, {
      pool: WARM_SLOTS,
      slot,
      warmId,
      status: 'AVAILABLE',
      startedAt: new Date(turns.clock.now()).toISOString(),
      expiresAt: new Date(turns.clock.now() + WARM.maxAgeMs).toISOString(),
      revision: '1',
      tokenKeyId: keySet.current,
      taskArn: task.taskArn,
      address: { host: task.host, port: 9223 },
      publicKey,
    });
  }
  const send = async (claim: Claim): Promise<ClaimAnswer> => {
    const container = byHost.get(new URL(claim.httpOrigin).hostname);
    await turns.take(`claim to ${claim.httpOrigin}`, async () => undefined);
    const late = notTaken(turns);
    late.catch(() => undefined);
    return (await Promise.race([container?.claim(claim), late])) ?? late;
  };
  /** Of a container that runs and has no session. */
  const isUnclaimed = (taskArn: string): boolean => {
    const task = cluster.running().find((each) => each.taskArn === taskArn);
    return [...byHost.values()].some((each) => each === task?.container && !each.isClaimed());
  };
  return { send, isUnclaimed };
}

async function notTaken({ clock }: Turns): Promise<never> {
  await pause(clock, WARM.claimAnswerMs);
  throw new ClaimNotTakenError('no answer');
}

/** It waits for its one claim, and is a session's container from then on. */
function warmContainer({ turns, random, faults, assign }: Deps, task: Task) {
  let inner: Container | undefined;
  let isAlive = true;
  const exit = (code: number) => {
    isAlive = false;
    task.exit(code);
  };
  return {
    isClaimed: () => inner !== undefined,
    stop: () => (inner === undefined ? exit(0) : inner.stop()),
    kill: () => (inner === undefined ? exit(137) : inner.kill()),
    async claim({ body }: Claim): Promise<ClaimAnswer | undefined> {
      const chance = random.next();
      if (!isAlive || inner !== undefined || chance < faults.refused) return undefined;
      const isReady = chance > faults.refused + faults.restoring;
      const { plaintext } = await compactDecrypt(body, keyPair.privateKey);
      const { sessionId, token } = parseAssignment(JSON.parse(Buffer.from(plaintext).toString()));
      if (!isAlive || inner !== undefined) return undefined;
      inner = assign(task, { sessionId, token, isReady });
      if (random.isTrue(faults.unheard)) return undefined;
      await turns.take(`${task.taskArn} answers its claim`, async () => undefined);
      return isReady ? { status: 'ready', sandbox: 'on' } : { status: 'restoring' };
    },
  };
}
