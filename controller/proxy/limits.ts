import { CONNECTION, UPLOAD, WARM } from '../../core/domain/timing.ts';
import { LIVE_LIMITS } from '../live/limits.ts';
import { RELAY_LIMITS } from '../relay/limits.ts';

const KIB = 1024;

/** Every limit of the proxy, with those of the relays and the live view behind it. */
export const PROXY_LIMITS = Object.freeze({
  ...RELAY_LIMITS,
  ...LIVE_LIMITS,
  /**
   * A message may come in so many frames, each of which costs memory beside its bytes; above it the socket closes with
   * 1008. The largest message in frames of 1 KiB: programs that cut messages cut them at 4 KiB or more.
   */
  maxMessageFrames: 100 * KIB,
  /** The same for one frame, in reads of the socket: the largest in segments of 400 bytes. Also the default of ws. */
  maxFrameReads: 256 * KIB,
  /** Client sockets at once, of every kind. */
  maxSockets: 256,
  /** Upgrades with a good token: so many at once, and so many a second after that. */
  upgradeBurst: 60,
  upgradesPerSecond: 20,
  /** How long an upgrade waits for a Chrome that is still starting. */
  maxReadyWaitMs: CONNECTION.chromeReadyMs,
  /** Below the idle time-out of every middle box. */
  pingIntervalMs: CONNECTION.pingMs,
  /** How long a client may answer nothing; twice as long while it is in the middle of a large message. */
  silentClientMs: CONNECTION.silentClientMs,
  /** How long a new target waits for such a client. */
  heldTargetMs: CONNECTION.heldTargetMs,
  /** How long a client may take to answer a close before its socket is cut. */
  closeTimeoutMs: 2_000,
  /** For an HTTP request: its head, and all of it... */
  httpRequestMs: 15_000,
  /** ...unless it is a file, of which something has to come now and then. */
  uploadMs: UPLOAD.maxMs,
  uploadSilentMs: UPLOAD.silentMs,
  /** For the body of a claim: whoever sends it waits no longer for the answer to it. */
  claimBodyMs: WARM.claimAnswerMs,
  /** Memory is given back so long after the last large message, but no later than so long after the first. */
  memoryTrimQuietMs: 300,
  memoryTrimMaxWaitMs: 5_000,
});

export type ProxyLimits = { readonly [Name in keyof typeof PROXY_LIMITS]: number };
