/**
 * What a goal is held against where the machine itself may forbid it: the least that can do the same. The same processes,
 * the same store and the same exchanges between them, and nothing else (function.ts, container.cjs).
 */
import { join } from 'node:path';
import { loadCredentials } from '../../local/data/credentials.ts';
import { findEndpoint } from '../../local/data/published-endpoint.ts';
import { readInfrastructure } from '../../local/start/infrastructure.ts';
import { CHROME_FOLDER, directFlags, PLAIN_USER } from '../subjects/direct-chrome.ts';
import { startHelper } from '../subjects/helper-process.ts';
import type { Platform } from '../subjects/platform.ts';

export interface FloorSettings {
  readonly aws: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  readonly chrome: {
    readonly executable: string;
    readonly flags: readonly string[];
    readonly user: { readonly uid?: number; readonly gid?: number };
  };
}

export interface FloorSession {
  /** Chrome's own. */
  readonly url: string;
  release(): Promise<void>;
}

export interface Floor {
  /** Resolves when a container waits for a create. */
  fill(): Promise<void>;
  create(start: 'warm' | 'cold'): Promise<FloorSession>;
  /** Resolves when the containers of what was released are gone. */
  rest(): Promise<void>;
  close(): Promise<void>;
}

export const FLOOR_NAME = 'the same, bare';

/** Beside this platform: on its DynamoDB, and by its Chrome. */
export async function openFloor({ wallcrawler, chromePath }: Platform): Promise<Floor> {
  const state = join(wallcrawler.dataDir, 'aws');
  const endpoint = findEndpoint(state);
  if (endpoint === undefined) throw new Error('the platform does not say where its DynamoDB is');
  const settings: FloorSettings = {
    aws: { endpoint, region: readInfrastructure().region, credentials: loadCredentials(state) },
    chrome: {
      executable: chromePath,
      flags: await directFlags(chromePath, CHROME_FOLDER),
      user: PLAIN_USER,
    },
  };
  const file = new URL('function.ts', import.meta.url);
  const { said: origin, end } = await startHelper<string>(file, [JSON.stringify(settings)]);
  const ask = async (path: string): Promise<string> => {
    const response = await fetch(`${origin}/${path}`, { method: 'POST' });
    const said = await response.text();
    if (!response.ok) throw new Error(`the floor of a ${path} failed: ${said}`);
    return said;
  };
  return {
    fill: async () => void (await ask('fill')),
    async create(start) {
      const { sessionId, url } = JSON.parse(await ask(`create/${start}`));
      return { url, release: async () => void (await ask(`release/${sessionId}`)) };
    },
    rest: async () => void (await ask('rest')),
    close: end,
  };
}
