/**
 * What a connection with control of one page may ask of Chrome: an allow-list, so that a method which a new Chrome brings
 * is refused until somebody has looked at it. A domain is open wholly where Chrome answers it in the page's own renderer,
 * for the page's own frames: there is nothing else within its reach.
 */
interface DomainRow {
  readonly why: string;
  /** Those that are allowed; undefined: all but `except`. */
  readonly methods?: readonly string[];
  readonly except?: readonly string[];
}

const renderer = (why: string, except: readonly string[] = []): DomainRow => ({ why, except });
const only = (why: string, ...methods: string[]): DomainRow => ({ why, methods });

export const PAGE_DOMAINS: Readonly<Record<string, DomainRow>> = {
  Accessibility: renderer('the tree of the page as a screen reader has it'),
  Animation: renderer('animations of the page'),
  CSS: renderer('styles of the page'),
  Console: renderer('what the page logs'),
  DOM: renderer('elements of the page; not with files of the machine', ['setFileInputFiles', 'getFileInfo']),
  DOMDebugger: renderer('breakpoints on elements of the page'),
  DOMSnapshot: renderer('elements of the page, all at once'),
  DOMStorage: renderer('localStorage of the origins that the page has loaded, which their scripts read too'),
  Debugger: renderer('scripts of the page'),
  EventBreakpoints: renderer('breakpoints on events of the page'),
  Inspector: renderer('whether the page is still there'),
  LayerTree: renderer('how the page is painted'),
  Log: renderer('what the browser logs of the page'),
  Media: renderer('players of the page'),
  Overlay: renderer('what is drawn over the page'),
  Performance: renderer('figures of the page'),
  PerformanceTimeline: renderer('figures of the page'),
  Runtime: renderer('scripts in the page: what a person at its console may do'),
  WebAudio: renderer('sound of the page'),
  Emulation: only(
    'how the page takes its surroundings to be, until this connection ends; not the screens of all pages',
    ...['canEmulate', 'clearDeviceMetricsOverride', 'clearGeolocationOverride', 'clearIdleOverride'],
    ...[
      'resetPageScaleFactor',
      'setAutoDarkModeOverride',
      'setCPUThrottlingRate',
      'setDeviceMetricsOverride',
    ],
    ...[
      'setDefaultBackgroundColorOverride',
      'setEmitTouchEventsForMouse',
      'setEmulatedMedia',
      'setEmulatedOSTextScale',
    ],
    ...[
      'setEmulatedVisionDeficiency',
      'setFocusEmulationEnabled',
      'setGeolocationOverride',
      'setIdleOverride',
    ],
    ...['setLocaleOverride', 'setPageScaleFactor', 'setScrollbarsHidden', 'setTimezoneOverride'],
    ...['setTouchEmulationEnabled', 'setUserAgentOverride'],
  ),
  Input: only(
    'a person’s hands; a drag could carry files of the machine',
    ...['dispatchKeyEvent', 'dispatchMouseEvent', 'dispatchTouchEvent', 'emulateTouchFromMouseEvent'],
    ...['imeSetComposition', 'insertText', 'synthesizePinchGesture', 'synthesizeScrollGesture'],
    'synthesizeTapGesture',
  ),
  Network: only(
    'what the page loads; no cookies, no cache of all sites, and nothing loaded past the page’s own rules',
    ...[
      'clearAcceptedEncodingsOverride',
      'disable',
      'emulateNetworkConditions',
      'emulateNetworkConditionsByRule',
    ],
    ...[
      'enable',
      'getRequestPostData',
      'getResponseBody',
      'getSecurityIsolationStatus',
      'overrideNetworkState',
    ],
    ...['searchInResponseBody', 'setAcceptedEncodings', 'setAttachDebugStack', 'setBlockedURLs'],
    ...['setBypassServiceWorker', 'setCacheDisabled', 'setUserAgentOverride'],
  ),
  Page: only(
    'what the page shows and where it goes; no end, crash or download, and no file chooser',
    ...[
      'addScriptToEvaluateOnNewDocument',
      'bringToFront',
      'captureScreenshot',
      'createIsolatedWorld',
      'disable',
    ],
    ...[
      'enable',
      'getAppId',
      'getAppManifest',
      'getFrameTree',
      'getInstallabilityErrors',
      'getLayoutMetrics',
    ],
    ...['getNavigationHistory', 'getOriginTrials', 'getPermissionsPolicyState', 'getResourceContent'],
    ...['getResourceTree', 'handleJavaScriptDialog', 'navigate', 'navigateToHistoryEntry', 'reload'],
    ...[
      'removeScriptToEvaluateOnNewDocument',
      'screencastFrameAck',
      'searchInResource',
      'setAdBlockingEnabled',
    ],
    ...[
      'setDocumentContent',
      'setLifecycleEventsEnabled',
      'startScreencast',
      'stopLoading',
      'stopScreencast',
    ],
  ),
  Preload: only('what the page loads ahead', 'disable', 'enable'),
  Security: only(
    'whether the page came securely; not that every page may come otherwise',
    'disable',
    'enable',
  ),
  Storage: only(
    'under which key the page stores; no cookies, and no data of sites',
    ...['getStorageKey', 'getStorageKeyForFrame'],
  ),
  Target: only(
    'the page itself and what belongs to it: its frames and workers',
    ...['detachFromTarget', 'getTargetInfo', 'setAutoAttach'],
  ),
};

export function isPageMethod(method: string): boolean {
  const [domain = '', name = '', more] = method.split('.');
  if (more !== undefined || !Object.hasOwn(PAGE_DOMAINS, domain)) return false;
  const { methods, except = [] } = PAGE_DOMAINS[domain] as DomainRow;
  return methods === undefined ? !except.includes(name) : methods.includes(name);
}
