/** A session's guard in a process of its own, as a session has it in its controller's. */
import { EgressDoor } from '../../controller/egress/door.ts';
import { EgressGuard } from '../../controller/egress/guard.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { lookupAll } from '../../core/public-network/lookup-all.ts';
import { parseAllowedNetworks } from '../../core/public-network/public-address.ts';

const MAX_CONNECTIONS = 1_000;

const guard = new EgressGuard({
  lookup: lookupAll,
  allowed: parseAllowedNetworks(['127.0.0.1/32']),
  clock: systemClock,
  onFault: () => undefined,
});
const door = new EgressDoor(MAX_CONNECTIONS);
const address = await door.listen();
door.open(
  (socket, upstream) => guard.serve(socket, upstream),
  () => undefined,
);
process.send?.(address);
process.once('disconnect', () => process.exit());
