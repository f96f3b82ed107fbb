/** All that a machine and its parts logged is read when a test is done with it: nothing that opens a door may stand there. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is ours by its look. */
export const SECRET_LOOKS = {
  'a token': /eyJ[\w-]{8,}\.eyJ[\w-]+\.[\w-]{20,}/,
  'a signed URL': /X-Amz-Signature=[0-9a-f]{16,}/,
  'a webhook’s secret': /whsec_[\w+/=-]{16,}/,
  'a private key': /-----BEGIN (EC |RSA )?PRIVATE KEY-----|"d":"[\w-]{40,}"/,
} as const;

export interface Logged {
  readonly dataDir: string;
  /** What the machine printed. */
  readonly printed: string;
  /** The keys that open this machine. */
  readonly keys: readonly string[];
}

/** Where a secret stands, without the secret. */
export function secretsInLogs({ dataDir, printed, keys }: Logged): string[] {
  const logs = globSync('logs/**/*', { cwd: dataDir, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => ({ name, text: readFileSync(join(parentPath, name), 'utf8') }));
  return [{ name: 'what it printed', text: printed }, ...logs].flatMap(({ name, text }) => [
    ...keys.filter((key) => text.includes(key)).map(() => `a key in ${name}`),
    ...Object.entries(SECRET_LOOKS).flatMap(([what, pattern]) =>
      pattern.test(text) ? [`${what} in ${name}: ${around(text, pattern)}`] : [],
    ),
  ]);
}

function around(text: string, pattern: RegExp): string {
  const at = text.search(pattern);
  return `${text.slice(Math.max(0, at - 120), at)}...`.replaceAll('\n', ' ');
}
