/**
 * *view*: to see what a browser or a page shows. *control*: to command the page, with what it has loaded and started.
 * *browser*: to command the browser, and everything in it. *end*: to end the browser for everybody.
 */
export type Right = 'view' | 'control' | 'browser' | 'end';

export type Rights = ReadonlySet<Right>;

export const VIEW_ONLY: Rights = new Set(['view']);
/** A live view: the tree of its own page. */
export const PAGE_CONTROL: Rights = new Set(['view', 'control']);
/** A client of a session that is kept alive: one client's end is not the others'. */
export const BROWSER_CONTROL: Rights = new Set(['view', 'control', 'browser']);
export const FULL_CONTROL: Rights = new Set(['view', 'control', 'browser', 'end']);
