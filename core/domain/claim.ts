/**
 * How a warm container hears of its session: POST /claim/<token>, with a sealed body
 * (docs/decisions/2026-11-29-warm-pool.md).
 */
import { type ContainerSettings, parseSettings } from './container-settings.ts';
import { isObject } from './is-object.ts';

export const CLAIM_PATH = '/claim';
export const CLAIM_CONTENT_TYPE = 'application/jose';
/** Settings are a few hundred bytes, a presigned URL up to 2 KB. */
export const MAX_CLAIM_BYTES = 32 * 1024;
/** Of the JWE: key agreement and content encryption, and no others. */
export const CLAIM_SEALING = { alg: 'ECDH-ES', enc: 'A256GCM', kty: 'OKP', crv: 'X25519' } as const;

/** What the sealed body holds, as JSON. */
export interface ClaimedAssignment {
  readonly sessionId: string;
  readonly projectId: string;
  /** The container's token for the session (`controller`), bound to the warm id. */
  readonly token: string;
  readonly settings: ContainerSettings;
  /** Where the profile is, when the session has a context: presigned, and null when there is none yet. */
  readonly profileUrl: string | null;
  /** Where its extension is, when it has one: presigned. */
  readonly extensionUrl: string | null;
}

/** 200: the session is ready. 202: understood, and the container reports ready when its profile or extension is there. */
export type ClaimAnswer =
  | { readonly status: 'ready'; readonly sandbox: 'on' | 'off' }
  | { readonly status: 'restoring' };

/** An assignment as it came from elsewhere. Throws an Error that names what is missing or unusable, and no value. */
export function parseAssignment(value: unknown): ClaimedAssignment {
  if (!isObject(value)) throw new Error('An assignment must be an object');
  const { sessionId, projectId, token, profileUrl, extensionUrl } = value;
  const faults = Object.entries({ sessionId, projectId, token })
    .filter(([, part]) => typeof part !== 'string' || part === '')
    .map(([name]) => name);
  for (const [name, url] of Object.entries({ profileUrl, extensionUrl }))
    if (url !== null && typeof url !== 'string') faults.push(name);
  if (faults.length > 0) throw new Error(`An assignment needs a usable ${faults.join(', ')}`);
  const settings = parseSettings(value.settings);
  return { ...(value as unknown as ClaimedAssignment), settings };
}
