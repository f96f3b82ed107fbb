/** What one session's browser may take of the guard. */
export const EGRESS_LIMITS = Object.freeze({
  /** From the browser to the guard, whatever they are for; more are closed at once. */
  connections: 1_000,
  /** Different proxies that the clients of one browser may name for contexts of theirs. */
  contextProxies: 64,
  /** Until a connection to a site stands, its name resolved. */
  connectMs: 60_000,
  /** Until a proxy that is reached has said whether it leads on; twice, where it speaks TLS or SOCKS first. */
  proxyMs: 20_000,
  /** Until it has begun to answer a request without TLS: the site's own time is in it. */
  proxiedAnswerMs: 120_000,
  /** How long what is sent already may take to arrive, after the browser has closed its side. */
  lingerMs: 10_000,
  /** Connections that wait for the next request to the same site. */
  idleSockets: 32,
  /** How long they do. */
  idleMs: 60_000,
  /** As Chrome has it, of a request's headers and of an answer's. */
  headerBytes: 256 * 1024,
  /** Names that are looked up at once: each takes a thread of the process that others need too. */
  lookups: 8,
  /** As long as Chrome keeps what its machine answers. */
  lookupKeptMs: 60_000,
  /** Names that are kept; of more the oldest are asked for again. */
  lookupsKept: 500,
  /** Refusals that are told of, each host and reason once. */
  toldRefusals: 100,
});

export type EgressLimits = { readonly [Name in keyof typeof EGRESS_LIMITS]: number };
