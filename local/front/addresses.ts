import { CONNECT_PATH } from '../../core/domain/connect-url.ts';
import { LOOPBACK } from '../aws/wire/listen.ts';

/** Below it on the one port: objects, by presigned URLs. */
export const STORAGE_PATH = '/s3';

const LOOPBACK_NAME = /^(?:127(?:\.\d{1,3}){3}|localhost|::1|\[::1\])$/i;
const WILDCARDS: readonly string[] = ['0.0.0.0', '::'];

export const isLoopbackName = (host: string): boolean => LOOPBACK_NAME.test(host);

/** Where the one port is found: by this machine itself, and by clients. */
export interface Addresses {
  /** Host and port for what runs on this machine. */
  readonly own: string;
  /** What clients are told: WALLCRAWLER_PUBLIC_URL, or the same. */
  readonly url: string;
  readonly connectOrigin: string;
  readonly storageUrl: string;
}

/** A server that listens on all addresses is asked on loopback by its own machine. */
export function addressesOf(
  { host, publicUrl }: { readonly host: string; readonly publicUrl: string | undefined },
  port: number,
): Addresses {
  const name = WILDCARDS.includes(host) ? LOOPBACK : host;
  const own = `${name.includes(':') ? `[${name}]` : name}:${port}`;
  const url = publicUrl ?? `http://${own}`;
  return {
    own,
    url,
    connectOrigin: `${url.replace(/^http/, 'ws')}${CONNECT_PATH}`,
    storageUrl: `${url}${STORAGE_PATH}`,
  };
}
