import { ChromeRefusedError } from './pending-calls.ts';

/** So much later it is asked again. */
export const INACTIVE_PAGE_MS = 100;

const INACTIVE = /^Not attached to an active page/;

/** Chrome's refusal while a page is between two documents, or has crashed: what was asked for may be done a moment later. */
export const isInactivePage = (error: unknown): boolean =>
  error instanceof ChromeRefusedError && INACTIVE.test(error.message);
