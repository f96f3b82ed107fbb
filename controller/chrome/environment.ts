import path from 'node:path';
import type { SessionFolder } from '../session-folder.ts';

/**
 * Chrome's whole environment: nothing of the controller's, whose variables hold a token, and every place to write
 * inside the session's folder.
 */
export const chromeEnvironment = (folder: SessionFolder): Readonly<Record<string, string>> => ({
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  HOME: folder.home,
  // Relative to the working directory: Chrome makes a socket in it, whose whole path may have 107 characters. And without
  // '..', with which Chrome opens no file: PDFs and traces are streamed from here.
  TMPDIR: path.relative(folder.browser, folder.tmp),
  XDG_CONFIG_HOME: folder.config,
  XDG_CACHE_HOME: `${folder.home}/.cache`,
  XDG_DATA_HOME: `${folder.home}/.local/share`,
  XDG_RUNTIME_DIR: folder.tmp,
  // There is no bus in a container, and none of the host's may be used; without this GLib starts one.
  DBUS_SESSION_BUS_ADDRESS: 'unix:path=/dev/null',
  DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/dev/null',
  GSETTINGS_BACKEND: 'memory',
});
