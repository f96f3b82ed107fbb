import path from 'node:path';

/** Where Chrome may write. */
export interface ChromeFolders {
  /** Its working directory. */
  readonly browser: string;
  readonly home: string;
  readonly tmp: string;
  readonly config: string;
}

/**
 * Chrome's whole environment: nothing of the controller's, whose variables hold a token, and every folder to write
 * to inside the session's own.
 */
export const chromeEnvironment = (folders: ChromeFolders): Readonly<Record<string, string>> => ({
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  HOME: folders.home,
  // Relative to the working directory: Chrome makes a socket in it, whose whole path may have 107 characters. And without
  // '..', with which Chrome opens no file: PDFs and traces are streamed from here.
  TMPDIR: path.relative(folders.browser, folders.tmp),
  XDG_CONFIG_HOME: folders.config,
  XDG_CACHE_HOME: `${folders.home}/.cache`,
  XDG_DATA_HOME: `${folders.home}/.local/share`,
  XDG_RUNTIME_DIR: folders.tmp,
  // There is no bus in a container, and none of the host's may be used; without this GLib starts one.
  DBUS_SESSION_BUS_ADDRESS: 'unix:path=/dev/null',
  DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/dev/null',
  GSETTINGS_BACKEND: 'memory',
});
