/** *view*: to see what a browser or a page shows; *control*: to command it. */
export type Right = 'view' | 'control';

export type Rights = ReadonlySet<Right>;

export const VIEW_ONLY: Rights = new Set(['view']);
export const VIEW_AND_CONTROL: Rights = new Set(['view', 'control']);
