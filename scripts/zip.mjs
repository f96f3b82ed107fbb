import { zipSync } from 'fflate';

// The oldest time a zip can hold, in local parts, because that is how the format stores times.
const MTIME = new Date(1980, 0, 1);
const UNIX = 3;
const READABLE_FILE = (0o100644 << 16) >>> 0;

/** A zip of `files` ({name: bytes}) whose bytes depend on nothing but names and contents. */
export function zipFiles(files) {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  const attributes = { mtime: MTIME, os: UNIX, attrs: READABLE_FILE, level: 9 };
  return zipSync(Object.fromEntries(sorted.map(([name, bytes]) => [name, [bytes, attributes]])));
}
