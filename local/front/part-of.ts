import { CONNECT_PATH } from '../../core/domain/connect-url.ts';
import { STORAGE_PATH } from './addresses.ts';

/** What stands behind the one port. */
export type Part = 'api' | 'router' | 'storage';

const OF_ROUTER = /^\/(?:connect|live|json|devtools)(?:[/?]|$)/;
const OF_STORAGE = new RegExp(`^${STORAGE_PATH}/`);

/** Who answers a plain request. The API's own paths are those of the contract: all that nobody else has. */
export function partOf(target: string): Part {
  if (OF_ROUTER.test(target)) return 'router';
  return OF_STORAGE.test(target) ? 'storage' : 'api';
}

/** As the router knows it: clients that take Chrome for a host with a port ask for Chrome's own paths, at its root. */
export const routerTarget = (target: string): string =>
  new RegExp(`^${CONNECT_PATH}(?:[/?]|$)`).test(target) ? target : `${CONNECT_PATH}${target}`;
