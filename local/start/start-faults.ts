/** What keeps a machine from starting, in one sentence that names the variable to change. */
import type { MachineConfig } from './config.ts';

export class StartFault extends Error {
  override readonly name = 'StartFault';
}

const codeOf = (error: unknown): string => {
  const { code, cause } = error as NodeJS.ErrnoException;
  return code ?? (cause === undefined ? '' : codeOf(cause));
};

type Say = (code: string) => string | undefined;

/** Awaits `work`; a failure that `say` has a sentence for is thrown with that. */
export async function withSentence<T>(work: () => Promise<T> | T, say: Say): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const sentence = say(codeOf(cause));
    throw sentence === undefined ? cause : new StartFault(sentence, { cause });
  }
}

export const aboutPort =
  ({ host, port }: Pick<MachineConfig, 'host' | 'port'>): Say =>
  (code) => {
    if (code === 'EADDRINUSE') return `Port ${port} is in use: set PORT to another one`;
    if (code === 'EACCES') return `Port ${port} is for root alone: set PORT to one from 1024 on`;
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EINVAL')
      return `${host} is no address of this machine: set HOST to one of its addresses, or to 0.0.0.0 for all`;
    return undefined;
  };

const FOLDER_FAULTS: Readonly<Record<string, string>> = {
  EACCES: 'may not be written',
  EPERM: 'may not be written',
  EROFS: 'is on a disk that cannot be written',
  ENOTDIR: 'is no folder',
  EEXIST: 'is no folder',
  ENOSPC: 'is on a full disk',
};

export const aboutDataFolder =
  (dataDir: string): Say =>
  (code) =>
    FOLDER_FAULTS[code] &&
    `The data folder ${dataDir} ${FOLDER_FAULTS[code]} (${code}): give it to the user who runs this, or set WALLCRAWLER_DATA_DIR to another one`;

const UNREACHABLE = /^E(?:CONN|HOST|NET|AI_|NOTFOUND|TIMEDOUT)|^ENOTFOUND$|^UND_ERR/;

export const aboutDynamodb =
  (endpoint: string | undefined): Say =>
  (code) =>
    endpoint !== undefined && UNREACHABLE.test(code)
      ? `DynamoDB does not answer at ${endpoint} (${code}): start it there, or correct or unset WALLCRAWLER_DYNAMODB_ENDPOINT`
      : undefined;
