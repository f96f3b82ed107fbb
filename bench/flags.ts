/** What each of Chrome's flags is worth: a start and the memory of a blank page without it, beside all of them. */
import { chromeFlags } from '../controller/chrome/flags.ts';
import { DEFAULT_VIEWPORT } from '../core/domain/container-settings.ts';
import type { Figure } from './harness/figure.ts';
import { inTurns, type Side } from './harness/in-turns.ts';
import { COLD, type Part } from './harness/part.ts';
import { startDirectChrome } from './subjects/direct-chrome.ts';
import { firstAnswer } from './subjects/first-answer.ts';
import { treeMb } from './subjects/memory-mb.ts';
import { untilSteady } from './subjects/until-steady.ts';

type Change = (flags: readonly string[]) => readonly string[];

const ROUNDS = 3;
const FEATURES = '--disable-features=';
// Without these it is no session's Chrome at all, or not to be reached.
const NEEDED =
  /^--(?:headless|remote-debugging|user-data-dir|user-agent|window|screen-info|no-sandbox|test-type)/;

const without =
  (flag: string): Change =>
  (flags) =>
    flags.filter((each) => each !== flag);

const withoutFeature =
  (feature: string): Change =>
  (flags) =>
    flags.map((flag) =>
      flag.startsWith(FEATURES)
        ? FEATURES +
          featuresOf(flag)
            .filter((each) => each !== feature)
            .join(',')
        : flag,
    );

const and =
  (...more: readonly string[]): Change =>
  (flags) => [...more, ...flags];

const featuresOf = (flag: string): readonly string[] => flag.slice(FEATURES.length).split(',');

/** Each of ours left out, and some that we leave out: `docs/chrome-flags.md` says why. */
function variants(): ReadonlyMap<string, Change> {
  const ours = chromeFlags({
    profileFolder: '',
    viewport: DEFAULT_VIEWPORT,
    userAgent: '',
    ignoreCertificateErrors: false,
    hasSandbox: true,
    hasSharedMemory: true,
  }).filter((flag) => flag.startsWith('--') && !NEEDED.test(flag));
  const features = ours.filter((flag) => flag.startsWith(FEATURES)).flatMap(featuresOf);
  const single = ours.filter((flag) => !flag.startsWith(FEATURES));
  return new Map([
    ...features.map((feature): [string, Change] => [`no ${feature}`, withoutFeature(feature)]),
    ...single.map((flag): [string, Change] => [`no ${flag}`, without(flag)]),
    ['with --use-gl=disabled', and('--use-gl=disabled')],
    ['with --in-process-gpu', and('--in-process-gpu')],
    ['with NetworkServiceInProcess2', and('--enable-features=NetworkServiceInProcess2')],
  ]);
}

const sideOf =
  (name: string, chromePath: string, change: Change): Side =>
  async (take) => {
    const startedAt = performance.now();
    const chrome = await startDirectChrome(chromePath, { change });
    try {
      const cdp = await firstAnswer(chrome.url);
      take(`${name}.start`, performance.now() - startedAt);
      take(`${name}.memory`, await untilSteady(() => treeMb(chrome.pid)));
      cdp.cut();
    } finally {
      await chrome.stop();
    }
  };

export const flags: Part = {
  name: 'flags',
  what: 'what each of Chrome’s flags is worth: start and memory (PSS) of a Chrome without it, beside one with all of them',
  isOnRequest: true,
  async run(bench) {
    const { chromePath } = await bench.platform(COLD);
    const all = variants();
    const { samples, failures } = await inTurns(bench.turns(ROUNDS), [
      sideOf('all', chromePath, (ours) => ours),
      ...[...all].map(([name, change]) => sideOf(name, chromePath, change)),
    ]);
    const figure = (name: string, what: 'start' | 'memory'): Figure => ({
      name: `flags.${name}.${what}`,
      unit: what === 'start' ? 'ms' : 'MB',
      samples: samples(`${name}.${what}`),
      baseline: { name: 'all flags', samples: samples(`all.${what}`) },
      failures,
    });
    return [...all.keys()].flatMap((name) => [figure(name, 'start'), figure(name, 'memory')]);
  },
};
