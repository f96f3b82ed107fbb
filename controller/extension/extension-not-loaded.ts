/** The session's extension is not there, or Chrome does not take it: the session does not start. */
export class ExtensionNotLoadedError extends Error {
  override readonly name = 'ExtensionNotLoadedError';
}
