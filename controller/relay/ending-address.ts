// Of Chrome's own pages some end or stop all of it: chrome://inducebrowsercrashforrealz does with 156. There is no list of them
// that holds for the next version.
const OWN_PAGES = /^(?:view-source:)*(?:chrome:|about:(?!blank\b|srcdoc\b))/;
// As Chrome reads an address: what is not seen at its ends is not there, and what breaks a line nowhere.
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is meant.
const UNSEEN = /^[\u0000-\u0020]+|[\t\n\r]/g;
const GOES_THERE: readonly unknown[] = ['Page.navigate', 'Target.createTarget'];

/** Whether this command opens a page of Chrome's own, some of which end it for everybody. */
export const opensOwnPage = (method: unknown, url: unknown): boolean =>
  GOES_THERE.includes(method) &&
  typeof url === 'string' &&
  OWN_PAGES.test(url.replace(UNSEEN, '').toLowerCase());
