import { readFileSync } from 'node:fs';
import { connectCdp } from '../tests/e2e/support/cdp.ts';
import { descendantsOf, listProcesses } from '../tests/e2e/support/processes.ts';
import type { Wallcrawler } from '../tests/e2e/support/wallcrawler.ts';
import { chromeProcessOf } from './relay.ts';

/** Proportional set size: shared pages count by share, so that the sum over processes is true. In MB. */
export function pssMb(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

/** The controller's memory beside its Chrome's, with one client and a blank page. */
export async function benchMemory(wallcrawler: Wallcrawler): Promise<readonly string[]> {
  const client = wallcrawler.client();
  const session = await client.sessions.create();
  const cdp = await connectCdp(session.connectUrl);
  const chrome = chromeProcessOf(wallcrawler, session.id);
  const controllerPid = listProcesses().find(({ pid }) => pid === chrome.pid)?.parentPid ?? 0;
  const controllerMb = pssMb(controllerPid);
  const chromeMb = [chrome, ...descendantsOf(chrome.pid)].reduce((sum, { pid }) => sum + pssMb(pid), 0);
  await cdp.close();
  return [
    `memory (PSS)                 controller ${controllerMb.toFixed(0)} MB (goal: at most 90), its Chrome ${chromeMb.toFixed(0)} MB`,
  ];
}
