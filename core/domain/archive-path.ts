export interface PathLimits {
  readonly maxPathBytes: number;
  readonly maxNameBytes: number;
  readonly maxDepth: number;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/;

/** What is wrong with the relative path of an entry of an archive, or null. It is a stranger's claim. */
export function pathFault(path: string, limits: PathLimits): string | null {
  if (path === '') return null;
  if (CONTROL_CHARACTERS.test(path)) return 'its path has control characters';
  if (path.includes('\\')) return 'its path has a backslash';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'its path is absolute';
  const names = path.split('/');
  if (names.includes('..')) return 'its path leaves its folder';
  if (names.includes('.') || names.includes('')) return 'its path is not in its plain form';
  if (Buffer.byteLength(path) > limits.maxPathBytes)
    return `its path is longer than ${limits.maxPathBytes} bytes`;
  if (names.some((name) => Buffer.byteLength(name) > limits.maxNameBytes)) {
    return `a name in its path is longer than ${limits.maxNameBytes} bytes`;
  }
  if (names.length > limits.maxDepth) return `it lies deeper than ${limits.maxDepth} folders`;
  return null;
}
