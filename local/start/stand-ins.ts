/** The stand-ins in their order, for a machine and for tests: first what answers, then what invokes. */
import type { TaskLauncherOptions } from '../aws/ecs/launch-task.ts';
import type { Invoke } from '../aws/events/async-invoker.ts';
import {
  collectServices,
  openContainers,
  openDatabase,
  openEvents,
  openMessaging,
  openSecrets,
  type Surroundings,
  serveEndpoint,
} from './open-stand-ins.ts';
import { OrderedStart } from './ordered-start.ts';
import { followContainers, followSchedules, type Sources, startStreams } from './start-sources.ts';

/** What the stand-ins are told. */
export interface StandInOptions extends Surroundings {
  readonly dynamodbEndpoint: string | undefined;
  readonly launcher: Omit<TaskLauncherOptions, 'compileCache'>;
  readonly invoke: Invoke;
}

export const STAND_INS = new OrderedStart<StandInOptions>()
  .step('database', openDatabase)
  .step('secrets', openSecrets)
  .step('messaging', openMessaging)
  .step('events', openEvents)
  .step('containers', openContainers)
  .step('services', collectServices)
  .step('endpoint', serveEndpoint);

/** To be started once functions can be invoked. */
export const SOURCES = new OrderedStart<Sources & Pick<Surroundings, 'infrastructure' | 'now'>>()
  .step('streams', startStreams)
  .step('containers', followContainers)
  .step('schedules', followSchedules);
