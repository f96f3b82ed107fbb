/**
 * The live views of all sessions may share one address, and a session's own client can get at the target that reads the
 * frontend's files. So what is served as the frontend counts as the session's word: it runs in an origin of its own,
 * where it can read neither another live view beside it nor that one's token.
 */
export const SANDBOXED_ORIGIN_HEADERS = {
  'content-security-policy': 'sandbox allow-scripts allow-forms allow-modals allow-popups allow-downloads',
  // To an origin of its own, the frontend's modules are somebody else's. Who has their address has the token in it.
  'access-control-allow-origin': '*',
} as const;

// An origin of its own has no storage, and to look for one throws, so the frontend would not start: its settings last as
// long as the view. It can do without caches, as on every page that was not loaded securely.
const STORAGE = `<script>{
  const storage = () => {
    const items = new Map();
    return {
      getItem: (key) => items.get(String(key)) ?? null,
      setItem: (key, value) => void items.set(String(key), String(value)),
      removeItem: (key) => void items.delete(String(key)),
      clear: () => items.clear(),
      key: (index) => [...items.keys()][index] ?? null,
      get length() { return items.size; },
    };
  };
  for (const name of ['localStorage', 'sessionStorage'])
    Object.defineProperty(window, name, { value: storage() });
  Object.defineProperty(window, 'caches', { value: undefined });
}</script>`;
const DOCTYPE = /^(?:\s|<!--.*?-->)*<!doctype html>/is;

/** A page of the frontend, with the storage that it looks for. */
export function withStorage(page: Buffer): Buffer {
  const doctype = DOCTYPE.exec(page.toString('latin1', 0, 1_000))?.[0] ?? '';
  return Buffer.concat([Buffer.from(`${doctype}${STORAGE}`), page.subarray(doctype.length)]);
}
