// Chromium's names for all that goes wrong on the way to a page, and playwright's for one that never answers.
const IS_OUT_OF_REACH = /net::ERR_|Timeout \d+ms exceeded/;

/** What is printed for a navigation that failed: with a way out where the page is what sessions cannot reach. */
export function explainNavigation({ message }, targetUrl) {
  if (!IS_OUT_OF_REACH.test(message)) return message;
  return `${message.trimEnd()}\nIf sessions cannot reach ${targetUrl}, --target-url names another page.`;
}
