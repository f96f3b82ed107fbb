import { CONNECTION } from '../../core/domain/timing.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Every limit of the proxy. */
export const PROXY_LIMITS = Object.freeze({
  /**
   * A client's largest message; above it the socket closes with 1009. Chrome stops reading its pipe at 100 MiB for good
   * (measured with 150), and a session's id is still to be added.
   */
  maxMessageBytes: 100 * MIB - KIB,
  /**
   * A message may come in so many frames, each of which costs memory beside its bytes; above it the socket closes with
   * 1008. The largest message in frames of 1 KiB: programs that cut messages cut them at 4 KiB or more.
   */
  maxMessageFrames: 100 * KIB,
  /** The same for one frame, in reads of the socket: the largest in segments of 400 bytes. Also the default of ws. */
  maxFrameReads: 256 * KIB,
  /** A client that has so much unsent is behind; if it is alone, Chrome is not read any more. */
  highWaterBytes: 4 * MIB,
  /** Below it the client is not behind any more. */
  lowWaterBytes: 1 * MIB,
  /** What a message that waits costs beside its bytes, which matters for many small ones (measured: 330, and garbage). */
  messageOverheadBytes: 512,
  /** So much may wait for all clients together, as much as Chrome would keep for one; then the slowest is closed. */
  maxUnsentBytes: 256 * MIB,
  /** Client sockets at once, of every kind. */
  maxSockets: 256,
  /** Upgrades with a good token: so many at once, and so many a second after that. */
  upgradeBurst: 60,
  upgradesPerSecond: 20,
  /** How long an upgrade waits for a Chrome that is still starting. */
  maxReadyWaitMs: CONNECTION.chromeReadyMs,
  /** Below the idle time-out of every middle box. */
  pingIntervalMs: CONNECTION.pingMs,
  /** How long a client may take to answer a close before its socket is cut. */
  closeTimeoutMs: 2_000,
  /** When Chrome drops a socket: how long to wait for the news that all of Chrome is gone, to tell the client that. */
  chromeLossGraceMs: 1_000,
  /** For an HTTP request: its head, and all of it. */
  httpRequestMs: 15_000,
  /** For what a request asks of Chrome. */
  chromeAnswerMs: 5_000,
  /** How long the frontend's hidden target stays after the last file. */
  frontendIdleMs: 30_000,
});

export type ProxyLimits = { readonly [Name in keyof typeof PROXY_LIMITS]: number };
