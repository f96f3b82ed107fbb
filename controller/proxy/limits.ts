const KIB = 1024;
const MIB = 1024 * KIB;

/** Every limit of the proxy. */
export const PROXY_LIMITS = Object.freeze({
  /** The largest message either way, as large as Puppeteer's own; above it the socket closes with 1009. */
  maxMessageBytes: 256 * MIB,
  /** A slower peer may have so much unsent; then the faster one is not read any more. */
  highWaterBytes: 4 * MIB,
  /** Below it the faster one is read again. */
  lowWaterBytes: 1 * MIB,
  /** Client sockets at once, of every kind. */
  maxSockets: 256,
  /** Upgrades with a good token: so many at once, and so many a second after that. */
  upgradeBurst: 60,
  upgradesPerSecond: 20,
  /** How long an upgrade waits for a Chrome that is still starting. */
  maxReadyWaitMs: 10_000,
  /** How long Chrome may take to accept a connection on loopback. */
  maxChromeConnectMs: 10_000,
  /** Below every middle box's idle time-out (CloudFront 10 minutes, NAT 350 s). */
  pingIntervalMs: 30_000,
  /** How long a client may take to answer a close before its socket is cut. */
  closeTimeoutMs: 2_000,
  /** When Chrome drops a socket: how long to wait for the news that all of Chrome is gone, to tell the client that. */
  chromeLossGraceMs: 1_000,
  /** For an HTTP request: its head, and all of it. */
  httpRequestMs: 15_000,
  /** For an HTTP question to Chrome. */
  chromeAnswerMs: 5_000,
  maxListBytes: 4 * MIB,
});

export type ProxyLimits = { readonly [Name in keyof typeof PROXY_LIMITS]: number };
