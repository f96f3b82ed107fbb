import type { Viewport } from '../../core/domain/container-settings.ts';

export interface FlagOptions {
  readonly profileFolder: string;
  readonly viewport: Viewport;
  /** What Chrome calls itself, in headers, pages and workers of every kind. */
  readonly userAgent: string;
  readonly ignoreCertificateErrors: boolean;
  readonly hasSandbox: boolean;
  /** Whether /dev/shm is large enough for the pages' shared memory. */
  readonly hasSharedMemory: boolean;
  /** The one place that it may connect to; undefined: it connects wherever it likes. */
  readonly egress?: ProxyAddress | undefined;
}

/** A proxy on this machine, under a name that nobody but its own Chrome resolves. */
export interface ProxyAddress {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** How many more of the same port there are, on the loopback addresses that follow. */
  readonly sides: number;
}

/** The first address is that of the proxy itself. */
export const FIRST_SIDE = 2;
export const sideName = (name: string, side: number): string => `${name}-${side}`;
export const sideHost = (side: number): string => `127.0.0.${side}`;

/** Tab strip and toolbar: a window is this much higher than its page. Checked by controller.test.ts. */
export const WINDOW_FRAME_HEIGHT = 87;
/** Chrome makes no window narrower. */
export const MIN_WINDOW_WIDTH = 500;
const DESKTOP = { width: 1920, height: 1080 };

// One list: Chrome heeds only the last --disable-features.
const DISABLED_FEATURES: readonly (readonly [feature: string, reason: string])[] = [
  [
    'WebUIReloadButton',
    'a hidden renderer for the toolbar: with the next three about 60 MB that no client sees',
  ],
  ['WebUIOmniboxPopup', 'the same, for the suggestions under the address bar'],
  ['WebUIOmniboxAimPopup', 'the same, for its assistant'],
  ['SpareRendererForSitePerProcess', 'a renderer in reserve: memory and a slower start, ten at once'],
  ['BackForwardCache', 'a page that comes back from it has frames and requests its clients never hear of'],
  ['HttpsUpgrades', 'http:// means http://: a client that asks for it gets it'],
  ['Translate', 'no bar that asks whether to translate'],
  ['MediaRouter', 'no search for cast devices in the network of the platform'],
  ['OptimizationHints', 'no downloads of models and hints nobody asked for'],
];

const FIXED: readonly (readonly [flag: string, reason: string])[] = [
  ['--headless=new', 'the whole browser without a screen; the old headless lacks extensions'],
  [
    '--remote-debugging-pipe',
    'the one way in, and no port that another session could find; when it breaks, Chrome exits: no orphan',
  ],
  ['--no-first-run', 'no welcome tab'],
  ['--no-default-browser-check', 'no question about the default browser'],
  ['--password-store=basic', 'a profile must open in the next container, which has no keyring'],
  [
    '--restore-last-session',
    'keeps session cookies in a profile; the tabs themselves are never in the archive',
  ],
  ['--hide-crash-restore-bubble', 'no bubble over the page when an uploaded profile was not closed cleanly'],
  ['--disable-background-networking', "no traffic of Chrome's own on the user's account"],
  ['--disable-component-update', 'the same, for components'],
  ['--disable-default-apps', 'nothing is installed into a new profile'],
  [
    '--disable-component-extensions-with-background-pages',
    'no background pages that a client would take for its own',
  ],
  ['--disable-sync', 'no Google account here'],
  ['--disable-domain-reliability', "no reports to Google of the user's failed requests"],
  ['--no-pings', 'no <a ping> beacons that a scripted click would send'],
  [
    '--disable-breakpad',
    'no crash report is sent; --disable-crashpad-for-testing breaks every navigation in 156',
  ],
  ['--disable-hang-monitor', 'a page that hangs is the business of its client, not of a dialog'],
  ['--disable-prompt-on-repost', 'a reload after a POST reloads instead of asking'],
  ['--disable-popup-blocking', 'a script that opens a window means it'],
  [
    '--disable-background-timer-throttling',
    'timers of a tab that is not in front run at full speed; focus-pages.ts and painted-pages.ts do the rest',
  ],
  ['--disable-backgrounding-occluded-windows', 'the same, for windows'],
  ['--disable-renderer-backgrounding', 'the same, for processes'],
  ['--disable-ipc-flooding-protection', 'fast navigation by script is normal here'],
  ['--force-color-profile=srgb', 'a screenshot has the same colours on every host'],
  ['--mute-audio', 'a container has no speaker; decoding to none saves CPU'],
  ['--disable-search-engine-choice-screen', 'no choice screen in a new profile'],
];

/** The arguments of one Chrome, without the program's name. The last one is its first page. */
export function chromeFlags(options: FlagOptions): readonly string[] {
  return [
    ...FIXED.map(([flag]) => flag),
    `--disable-features=${DISABLED_FEATURES.map(([feature]) => feature).join(',')}`,
    `--user-data-dir=${options.profileFolder}`,
    `--user-agent=${options.userAgent}`,
    ...windowFlags(options.viewport),
    // Fargate's /dev/shm holds 64 MB and cannot be made larger; files in TMPDIR are unlinked at once.
    ...(options.hasSharedMemory ? [] : ['--disable-dev-shm-usage']),
    // --test-type only silences the bar that warns of --no-sandbox, which would take its height from the page.
    ...(options.hasSandbox ? [] : ['--no-sandbox', '--test-type']),
    ...(options.ignoreCertificateErrors ? ['--ignore-certificate-errors', '--test-type'] : []),
    ...(options.egress === undefined ? [] : egressFlags(options.egress)),
    'about:blank',
  ];
}

const mapped = (name: string, host: string, port: number) => `MAP ${name}:${port} ${host}:${port}`;
const mappedSides = (name: string, port: number, sides: number): readonly string[] =>
  Array.from({ length: sides }, (_, i) =>
    mapped(sideName(name, FIRST_SIDE + i), sideHost(FIRST_SIDE + i), port),
  );

/**
 * Nothing but the proxy is reached, whatever a client, a page or an extension makes of the proxy's settings: without it no
 * name is resolved, an address as little. Its own name is for its port alone: with any other it would be this machine's.
 */
const egressFlags = ({ name, host, port, sides }: ProxyAddress): readonly string[] => [
  `--proxy-server=http://${name}:${port}`,
  // Chrome would go to loopback by itself.
  '--proxy-bypass-list=<-loopback>',
  `--host-resolver-rules=${[mapped(name, host, port), ...mappedSides(name, port, sides), 'MAP * ~NOTFOUND'].join()}`,
  // --force-webrtc-ip-handling-policy does nothing in a full Chrome.
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
];

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The window whose page has exactly the viewport's size. */
export const windowOf = ({ width, height }: Viewport): Size => ({
  width,
  height: height + WINDOW_FRAME_HEIGHT,
});

/** A desktop that is large enough for a window. */
export const desktopOf = (window: Size): Size => ({
  width: Math.max(window.width, DESKTOP.width),
  height: Math.max(window.height, DESKTOP.height),
});

function windowFlags(viewport: Viewport): readonly string[] {
  const window = windowOf(viewport);
  const desktop = desktopOf(window);
  return [
    `--window-position=0,0`,
    `--window-size=${window.width},${window.height}`,
    `--screen-info={${desktop.width}x${desktop.height}}`,
  ];
}
