import type { Address } from '../../core/domain/session.ts';
import { addressOf, networkInterfaceOf, PROXY_PORT, type TaskStateChange } from './task-event.ts';

/** Where the router, or a client on the same machine, reaches the task: what the event itself says. */
export const locatePrivately = async (event: TaskStateChange): Promise<Address | undefined> =>
  addressOf(event);

/** Where clients anywhere reach the task: at the public address of its network interface. */
export const locateDirectly =
  (findPublicAddress: (interfaceId: string) => Promise<string>) =>
  async (event: TaskStateChange): Promise<Address | undefined> => {
    const interfaceId = networkInterfaceOf(event);
    if (interfaceId === undefined) return undefined;
    return { host: await findPublicAddress(interfaceId), port: PROXY_PORT };
  };
