/**
 * What of a profile is not worth keeping, or must not come back: caches, what Chrome fetches again, locks, and the tabs
 * of the last run. Applied when packing, and again when unpacking, because archives are also made elsewhere.
 */
const ANYWHERE: ReadonlySet<string> = new Set([
  // Caches.
  'Cache',
  'Code Cache',
  'GPUCache',
  'ShaderCache',
  'GrShaderCache',
  'GraphiteDawnCache',
  'DawnCache',
  'DawnGraphiteCache',
  'DawnWebGPUCache',
  'GPUPersistentCache',
  'Shared Dictionary',
  'component_crx_cache',
  'extensions_crx_cache',
  'optimization_guide_hint_cache_store',
  'optimization_guide_model_store',
  'optimization_guide_prediction_model_downloads',
  'OptimizationGuidePredictionModels',
  // Reports about the browser itself.
  'BrowserMetrics',
  'BrowserMetrics-spare.pma',
  'Crashpad',
  'Crash Reports',
  'DeferredBrowserMetrics',
  'segmentation_platform',
  'Segmentation Platform',
  // The tabs of the last run: every restored session would open them again.
  'Sessions',
  'Sessions_Encrypted',
  'Current Session',
  'Current Tabs',
  'Last Session',
  'Last Tabs',
  // Locks and addresses of a process that is gone.
  'SingletonLock',
  'SingletonCookie',
  'SingletonSocket',
  'LOCK',
  'lockfile',
  'DevToolsActivePort',
  'RunningChromeVersion',
  '.org.chromium.Chromium',
]);

// Component and list downloads, at the top of the profile only: inside it a site may own a folder of such a name.
const AT_THE_TOP: ReadonlySet<string> = new Set([
  'AmountExtractionHeuristicRegexes',
  'ActorSafetyLists',
  'CertificateRevocation',
  'CookieReadinessList',
  'Crowd Deny',
  'FileTypePolicies',
  'FirstPartySetsPreloaded',
  'hyphen-data',
  'MEIPreload',
  'NativeMessagingHosts',
  'OnDeviceHeadSuggestModel',
  'OpenCookieDatabase',
  'OriginTrials',
  'PKIMetadata',
  'PrivacySandboxAttestationsPreloaded',
  'ProbabilisticRevealTokenRegistry',
  'RecoveryImproved',
  'Safe Browsing',
  'SafetyTips',
  'SSLErrorAssistant',
  'Subresource Filter',
  'TpcdMetadata',
  'TrustTokenKeyCommitments',
  'Variations',
  'WasmTtsEngine',
  'WidevineCdm',
  'ZxcvbnData',
]);

/** Whether the path, relative to the profile, is left out: by its own name or by that of a folder above it. */
export function isLeftOut(path: string): boolean {
  const names = path.split('/');
  return (
    AT_THE_TOP.has(names[0] ?? '') || names.some((name) => ANYWHERE.has(name) || name.startsWith('Singleton'))
  );
}
