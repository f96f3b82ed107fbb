/** All parts, in the order of a run: those that need the same platform stand together. */
import { bundles } from './bundles.ts';
import { createCold } from './create-cold.ts';
import { createContext } from './create-context.ts';
import { createWarm } from './create-warm.ts';
import { density } from './density.ts';
import { downloads } from './downloads.ts';
import { egress } from './egress.ts';
import { flags } from './flags.ts';
import type { Part } from './harness/part.ts';
import { lifecycle } from './lifecycle.ts';
import { lifecycleTen } from './lifecycle-ten.ts';
import { logs } from './logs.ts';
import { platformMemoryPart } from './platform-memory.ts';
import { profiles } from './profiles.ts';
import { recording } from './recording.ts';
import { relay } from './relay.ts';
import { routerShare } from './router-share.ts';
import { routes } from './routes.ts';
import { screencast } from './screencast.ts';
import { slowReader } from './slow-reader.ts';
import { soak } from './soak.ts';
import { startsPerSecond } from './starts-per-second.ts';
import { timeline } from './timeline.ts';

export const PARTS: readonly Part[] = [
  bundles,
  createCold,
  startsPerSecond,
  density,
  relay,
  routerShare,
  slowReader,
  logs,
  downloads,
  egress,
  recording,
  screencast,
  routes,
  createWarm,
  lifecycle,
  lifecycleTen,
  createContext,
  platformMemoryPart,
  profiles,
  soak,
  timeline,
  flags,
];
