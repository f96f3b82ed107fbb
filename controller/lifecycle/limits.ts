/** What only this folder knows; times on which another part depends are in core/domain/timing.ts. */
export const LIFECYCLE_LIMITS = Object.freeze({
  /** For the viewport that was asked for, where Chrome's window alone cannot give it. */
  settingsMs: 10_000,
});
