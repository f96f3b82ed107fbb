import { readFile } from 'node:fs/promises';

/** Hosts whose requests are advertisements', as a list in the format of /etc/hosts names them. */
export type AdHosts = ReadonlySet<string>;

/** There is no list, or none that can be used: no session begins that would show what it was to leave out. */
export class AdHostsError extends Error {
  override readonly name = 'AdHostsError';
}

// Of every machine's own, which lists begin with.
const OWN_NAMES: ReadonlySet<string> = new Set(['localhost.localdomain', 'ip6-localhost', '0.0.0.0']);
const ADDRESS = /^(?:\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:.%a-z]*)$/i;
const HOST = /^(?=.{4,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)+$/;

/** `0.0.0.0 ads.example`, or `ads.example` alone; `#` begins a comment. What is no name of two parts or more is passed over. */
export function readAdHosts(text: string): AdHosts {
  const hosts = new Set<string>();
  for (const line of text.split('\n')) {
    const words = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/);
    const names = ADDRESS.test(words[0] ?? '') ? words.slice(1) : words;
    for (const name of names)
      if (HOST.test(name) && !OWN_NAMES.has(name) && !ADDRESS.test(name)) hosts.add(name);
  }
  return hosts;
}

/** Rejects with an AdHostsError that says what is missing. */
export async function loadAdHosts(path: string | undefined): Promise<AdHosts> {
  if (path === undefined)
    throw new AdHostsError('Ads cannot be blocked here: there is no list of their hosts');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new AdHostsError(`The list of ad hosts cannot be read (${error.code}): ${path}`);
  });
  const hosts = readAdHosts(text);
  if (hosts.size === 0) throw new AdHostsError(`The list of ad hosts names none: ${path}`);
  return hosts;
}

/** Whether a host, or a domain above it, is in the list. */
export function isAdHost(host: string, hosts: AdHosts): boolean {
  for (let name = host; name.includes('.'); name = name.slice(name.indexOf('.') + 1))
    if (hosts.has(name)) return true;
  return false;
}
