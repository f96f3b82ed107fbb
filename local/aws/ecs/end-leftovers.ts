import { rm } from 'node:fs/promises';
import {
  awaitExit,
  listProcesses,
  type ProcessInfo,
  sendSignal,
  signalProcess,
} from '../../processes/process-table.ts';
import type { Task } from './task.ts';
import { removeContainer } from './task-container.ts';

type TaskFootprint = Pick<Task, 'process' | 'uid' | 'sessionFolder' | 'container'>;

const MAX_ROUNDS = 5;
const ROUND_MS = 1_000;

/**
 * Ends whatever a task has left running and removes its folder, as the end of a container does.
 * False when something outlived SIGKILL.
 */
export async function endLeftovers(task: TaskFootprint): Promise<boolean> {
  // First: of a container only the engine's client runs here, and killing that one ends nothing.
  if (task.container !== undefined) await removeContainer(task.container);
  let isClean = false;
  // More than one round, because a process may fork while it is being listed.
  for (let round = 0; round < MAX_ROUNDS && !isClean; round++) isClean = await killRound(task);
  if (task.sessionFolder !== undefined) {
    await rm(task.sessionFolder, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
  }
  return isClean;
}

async function killRound(task: TaskFootprint): Promise<boolean> {
  // The group of a controller that is known to run still; once it is gone, its number may be someone else's.
  if (task.process !== undefined && signalProcess(task.process, 'SIGKILL'))
    sendSignal(-task.process.pid, 'SIGKILL');
  const leftovers = findLeftovers(task, listProcesses(), {
    selfUid: process.getuid?.(),
    selfPid: process.pid,
  });
  for (const leftover of leftovers) signalProcess(leftover, 'SIGKILL');
  const own = task.process === undefined ? [] : [task.process];
  const isGone = await awaitExit([...leftovers, ...own], ROUND_MS);
  return isGone && leftovers.length === 0;
}

/**
 * The processes that are a task's beyond doubt: those of its own user, those that name its own folder on their command
 * line (its controller in --session-folder, Chrome in --user-data-dir), and the rest of such a process's group.
 */
export function findLeftovers(
  { uid, sessionFolder }: TaskFootprint,
  processes: readonly ProcessInfo[],
  { selfUid, selfPid }: { selfUid: number | undefined; selfPid: number },
): ProcessInfo[] {
  const others = processes.filter(({ pid }) => pid !== selfPid);
  const selfGroup = processes.find(({ pid }) => pid === selfPid)?.processGroup;
  const isOfItsUser = (candidate: ProcessInfo): boolean => uid !== undefined && candidate.uid === uid;
  const namesItsFolder = (candidate: ProcessInfo): boolean =>
    sessionFolder !== undefined &&
    candidate.uid === selfUid &&
    namesFolder(candidate.commandLine, sessionFolder);
  const seeds = others.filter((candidate) => isOfItsUser(candidate) || namesItsFolder(candidate));
  const groups = new Set(
    seeds.map(({ processGroup }) => processGroup).filter((group) => group !== selfGroup),
  );
  // Of a group only the processes that one of the two users runs.
  const isInGroup = (candidate: ProcessInfo): boolean =>
    groups.has(candidate.processGroup) && (candidate.uid === selfUid || isOfItsUser(candidate));
  return others.filter((candidate) => seeds.includes(candidate) || isInGroup(candidate));
}

/** `--user-data-dir=<folder>/profile` or `--database=<folder>`: as the value of a switch, not as any text. */
const namesFolder = (commandLine: string, folder: string): boolean =>
  commandLine.split(' ').some((word) => {
    const value = word.slice(word.indexOf('=') + 1);
    return word.startsWith('--') && (value === folder || value.startsWith(`${folder}/`));
  });
