import type { LookupFunction } from 'node:net';
import type { ResolvedHost } from './resolve-host.ts';

/** For a socket's `lookup`: the addresses that were checked, whatever a name service would say now. */
export function answerWith({ addresses }: Pick<ResolvedHost, 'addresses'>): LookupFunction {
  return (_host, { all }, callback) => {
    const [first] = addresses;
    if (all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}
