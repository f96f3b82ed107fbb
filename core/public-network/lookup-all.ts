import { lookup } from 'node:dns/promises';
import type { LookupAll } from './resolve-host.ts';

/** The machine's own name service. */
export const lookupAll: LookupAll = (host) => lookup(host, { all: true });
