/** The stand-ins in their order, for a machine and for tests: first what answers, then what invokes. */
import {
  openContainers,
  openDatabase,
  openEvents,
  openRights,
  openSecrets,
  openServices,
  type StandInOptions,
  serveEndpoint,
} from './open-stand-ins.ts';
import { OrderedStart } from './ordered-start.ts';
import { followContainers, followSchedules, type Sources, startStreams } from './start-sources.ts';

export const STAND_INS = new OrderedStart<StandInOptions>()
  .step('database', openDatabase)
  .step('secrets', openSecrets)
  .step('events', openEvents)
  .step('containers', openContainers)
  .step('services', openServices)
  .step('rights', openRights)
  .step('endpoint', serveEndpoint);

/** To be started once functions can be invoked. */
export const SOURCES = new OrderedStart<Sources>()
  .step('streams', startStreams)
  .step('containers', followContainers)
  .step('schedules', followSchedules);
