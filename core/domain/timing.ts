/**
 * Every time on which two parts of the platform depend. Each stands here once; timing.test.ts holds how they order, and
 * tests/contract/timing.test.ts holds Terraform and the OpenAPI file against them. docs/architecture.md is the table.
 *
 * What only one part knows of (a poll, a cache, a socket's limits) is in that part's own limits.
 */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The ladder of a create: each gives up before the one above it, so that who gives up first can tell why. */
export const CREATE_LADDER = {
  /** Browserbase's SDK, an attempt. */
  clientMs: 60 * SECOND_MS,
  /** CloudFront, for the origin's first byte. */
  edgeMs: 60 * SECOND_MS,
  /** API Gateway's integration; above 29 s only because the answer is streamed. */
  gatewayMs: 58 * SECOND_MS,
  functionMs: 57 * SECOND_MS,
  /** Every function answers so long before its own time-out, so that the answer still leaves. */
  answerMarginMs: 500,
  /** From the request to READY: what is left after it ends the session and its container. */
  readyWaitMs: 50 * SECOND_MS,
} as const;

/** Retries of a create: one browser, whoever asks how often. */
export const CREATE_RETRY = {
  /** How long an `Idempotency-Key` is known. */
  keyMs: 24 * HOUR_MS,
  /** The SDK says its time-out in whole seconds, rounded down: its caller is surely gone so much later. */
  roundingMs: SECOND_MS,
  /** The browser of a create whose caller has gone is kept so long for a retry: the SDK's come after 0.4 to 1 s. */
  graceMs: 3 * SECOND_MS,
  /** A retry waits so long, at most, until the caller of the create before it is surely gone. */
  waitMs: 2 * SECOND_MS,
  /** A retry looks so far back for the create before it: more than a client waits, and than a create lasts. */
  lookBackMs: 2 * MINUTE_MS,
} as const;

/** What a waiting create asks. */
export const READY_SIGNAL = {
  /** One long poll of the ready queue: the most that SQS allows. */
  longPollMs: 20 * SECOND_MS,
  /** The session itself is read this often, in case its signal was lost. */
  readEveryMs: SECOND_MS,
} as const;

/** A session's events, followed as they come: one answer of several. */
export const EVENT_STREAM = {
  /** Then it ends, and the client asks again. */
  answerMs: 50 * SECOND_MS,
  /** What a client is told to wait before that. */
  reconnectMs: SECOND_MS,
  /** The table is read this often. */
  readEveryMs: SECOND_MS,
  /** So long without an event, a comment is sent. */
  beatMs: 15 * SECOND_MS,
  /** After a session's end, its last event comes within this, or never. */
  lateMs: 10 * MINUTE_MS,
} as const;

/** From the container's first moment to its ready report. */
export const CONTAINER_START = {
  /** From spawn to Chrome's first answer. */
  chromeLaunchMs: 30 * SECOND_MS,
  /** One CDP round trip by the way that a client takes. */
  proofMs: 10 * SECOND_MS,
  /** Without a ready report until then, the sweeper ends it: the create that waited is long gone. */
  limitMs: 2 * MINUTE_MS,
} as const;

/** Containers that wait for a session. */
export const WARM = {
  /** Unclaimed it ends then, so that new images and Chromium's patches arrive. */
  maxAgeMs: HOUR_MS,
  /** A container that nobody ended does it itself so long after. */
  overdueMs: 5 * MINUTE_MS,
  /** It says again that it can be claimed, and ends after `HEARTBEAT.silenceMs` without an answer. */
  beatMs: MINUTE_MS,
  /** The keeper's schedule; it also runs after every claim. */
  keepEveryMs: MINUTE_MS,
  /** Creates of so long are what the pool is sized by. */
  demandMs: 5 * MINUTE_MS,
  /** How long a claim can be used. */
  claimTokenMs: 30 * SECOND_MS,
  /** For a container's answer to a claim: a dead one is not waited for. */
  claimAnswerMs: 3 * SECOND_MS,
} as const;

/** Creates that find no room wait for it, in turn. */
export const CAPACITY = {
  /** What must be left of a create's time when it gets room: a container still has to start. */
  startReserveMs: 25 * SECOND_MS,
  /** A waiting create looks this often whose turn it is. */
  lookEveryMs: SECOND_MS,
  /** One that has not looked for so long is gone. */
  aliveMs: 5 * SECOND_MS,
  /** After a refusal ECS is asked again: at first, doubling, at most. */
  refusedFirstMs: SECOND_MS,
  refusedMaxMs: 8 * SECOND_MS,
  /** So long after the last word, whoever comes asks ECS at once again. */
  rememberedMs: 10 * SECOND_MS,
  /** What a client is told to wait when there was no room for all of its time. */
  retryAfterSeconds: 10,
} as const;

/** When a session ends although nobody asked for it. */
export const SESSION_DEADLINES = {
  /** For the first client, from READY on. */
  connectMs: 5 * MINUTE_MS,
  /** The same, where nobody can see whether who asked is still there, or knows of the session. */
  unseenConnectMs: 90 * SECOND_MS,
  /** READY, and no create has answered with it: nobody knows of it. Longer than a create's function lives. */
  unansweredMs: 90 * SECOND_MS,
  /** Without a command of any client: where a session says nothing of its own, and is not kept alive. */
  idleMs: 10 * MINUTE_MS,
  /** For a client that a restart on its way (1012) has sent away. */
  reconnectGraceMs: MINUTE_MS,
} as const;

/** What `timeout` may be, for sessions and as a project's default. */
export const SESSION_TIMEOUT = { minSeconds: 60, maxSeconds: 6 * 3_600 } as const;

/** What a session's own `browserSettings.idleTimeout` may be. At most the longest life: whoever wants none sets keepAlive. */
export const SESSION_IDLE_TIMEOUT = { minSeconds: 10, maxSeconds: 6 * 3_600 } as const;

/** How a container and the platform notice that the other is gone. */
export const HEARTBEAT = {
  intervalMs: 15 * SECOND_MS,
  /** For the answer to one beat. No retries: the next beat is the retry. */
  answerMs: 5 * SECOND_MS,
  /** The sweeper takes a container for lost after six missed beats. */
  lostAfterMs: 90 * SECOND_MS,
  /** Without an answer for so long, nobody is left who could want this browser. */
  silenceMs: 3 * MINUTE_MS,
} as const;

/** What a container asks of the platform. */
export const CONTAINER_API = {
  /** For the answer to one call. */
  answerMs: 10 * SECOND_MS,
  /** Waits before the second, third, ... attempt. */
  retriesAfterMs: [200, 500, 1_000, 2_000],
  /** S3 may say nothing for so long while a profile is on its way. */
  storeSilenceMs: 30 * SECOND_MS,
} as const;

/** A service of AWS, as a function asks it. */
export const AWS_CALL = {
  connectMs: SECOND_MS,
  /** Up to the head of an answer, of each attempt: a hundred times what it takes as a rule. */
  answerMs: 3 * SECOND_MS,
  /** The same for ECS, which takes seconds to start a container. */
  startAnswerMs: 5 * SECOND_MS,
} as const;

/** S3, as a function asks it for what sessions leave and take. */
export const ARTIFACT_STORE = {
  /** Up to the head of its answer; the SDK repeats within it. Then the client is told, while there is time to. */
  answerMs: 5 * SECOND_MS,
} as const;

/** An MP4 of a recording, which a function makes of a message in a queue. */
export const RECORDING_DOWNLOAD = {
  /** The most that Lambda allows. */
  functionMs: 15 * MINUTE_MS,
  /** H.264 of it: what is left is for reading the film, and for storing it as it is when that took too long. */
  encodeMs: 12 * MINUTE_MS,
  /** A message comes again so long after a try that failed: when the function has surely ended. */
  retryMs: 930 * SECOND_MS,
  /** So long after it was asked for it has failed, whatever has become of it: all tries, and some waiting. */
  pendingMs: 60 * MINUTE_MS,
} as const;

/** A whole log of a session on its way to a client: 200 MB at the 2 MB/s that are let through for good. */
export const LOG_STREAM = {
  functionMs: 180 * SECOND_MS,
  gatewayMs: 181 * SECOND_MS,
} as const;

/** The end of a container, inside the time that ECS leaves it. */
export const CONTAINER_STOP = {
  /** ECS's `stopTimeout`: SIGKILL comes so long after SIGTERM. The most that Fargate allows. */
  killAfterMs: 120 * SECOND_MS,
  /** Chrome closed, profile saved, end reported, folder removed. */
  shutdownMs: 110 * SECOND_MS,
  /** For asking the platform why it stops us. */
  askWhyMs: 2 * SECOND_MS,
  /** A Spot container asks again, so often and so long: the notice takes a second or two to get to the platform. */
  askAgainMs: 500,
  reclaimNoticeMs: 5 * SECOND_MS,
  /** For files that Chrome is downloading, as long as they get on. */
  downloadFinishMs: 15 * SECOND_MS,
  /** The same where the container is stopped without a reason: a machine that is stopped by Ctrl-C kills after 6 s. */
  hurriedDownloadMs: 2 * SECOND_MS,
  /** For Chrome's own exit, after `Browser.close`. */
  chromeCloseMs: 20 * SECOND_MS,
  /** For what the session's log still holds, while the profile is being saved. */
  logFlushMs: 5 * SECOND_MS,
  /** The same, for files that are downloaded and not stored yet. */
  downloadFlushMs: 10 * SECOND_MS,
  /** For Chrome to hand out the last of what it records... */
  recordingStopMs: 2 * SECOND_MS,
  /** ...and to store it. */
  recordingFlushMs: 10 * SECOND_MS,
  /** For the last report, and for one when somebody has asked twice. */
  reportMs: 10 * SECOND_MS,
  hurriedReportMs: 2 * SECOND_MS,
} as const;

/** The sweeper: what it leaves to whoever is nearer, before it acts itself. */
export const SWEEP = {
  everyMs: MINUTE_MS,
  /** The controller's own clock fires first; it may be busy closing Chrome. */
  deadlineGraceMs: 15 * SECOND_MS,
  /** ECS kills after `killAfterMs`; a little more for the events to arrive. */
  terminatingLimitMs: 3 * MINUTE_MS,
  /** A task is older than its session's last write by at most the time of one create. */
  taskGraceMs: MINUTE_MS,
} as const;

/** Tokens, presigned URLs and the keys behind them. */
export const CREDENTIALS = {
  /** A controller's token outlives its session's deadline: it still saves the profile and reports the end. */
  controllerGraceMs: 10 * MINUTE_MS,
  /** A container uses its profile URL at once, and S3 checks the time when a transfer begins. */
  profileUrlSeconds: 5 * 60,
  /** The same for what a session leaves beside its profile. */
  artifactUrlSeconds: 5 * 60,
  /** Whoever plays or downloads a recording has its URLs for so long; those that sign them may live no longer. */
  viewUrlSeconds: 3_600,
  /** A client's upload URL: an archive of some hundred megabytes must fit through a slow line. */
  uploadUrlSeconds: 3_600,
  /** When the last upload by such a URL has surely ended. */
  lastUploadMs: 24 * HOUR_MS,
  /** How long a function or the router works with the keys that it has read. */
  keyCacheMs: 5 * MINUTE_MS,
  /** A function goes on with them for so long where they cannot be read again... */
  staleKeysMs: 30 * MINUTE_MS,
  /** ...and tries to so often. */
  keyRetryMs: 15 * SECOND_MS,
  /** How long a key outlives its time as the current one: the longest session, its token's grace, caches, slack. */
  retiredKeyMs: 7 * HOUR_MS,
  /** How long API Gateway keeps the authorizer's answer: a revoked key works on for so long. */
  authorizerCacheMs: MINUTE_MS,
  /** "Last used" of a key is for people who ask which one can go: a write an hour costs nothing. */
  keyUseEveryMs: HOUR_MS,
  /** A Lambda is frozen when it has answered, so that write is waited for: this long, and no longer. */
  keyUseWriteMs: 250,
} as const;

/** How long the link of a replay shows it. A rotation of the token keys ends it sooner, `CREDENTIALS.retiredKeyMs` later. */
export const REPLAY_LINK = { defaultSeconds: 3_600, minSeconds: 60, maxSeconds: 7 * 24 * 3_600 } as const;

/** What lies on a client's way to its browser. */
export const CONNECTION = {
  /** Ping both ways. */
  pingMs: 30 * SECOND_MS,
  /** A client that answers no ping keeps its socket for so long, as long as its TCP acknowledges: it may stand still. */
  silentClientMs: 5 * MINUTE_MS,
  /** A new target waits so long for a client that answers nothing, then goes on without it. */
  heldTargetMs: 3 * SECOND_MS,
  /** Who closes a silent connection: CloudFront and the load balancer; a NAT gateway. */
  edgeIdleMs: 10 * MINUTE_MS,
  natIdleMs: 350 * SECOND_MS,
  /** An upgrade waits so long for a Chrome that still starts. */
  chromeReadyMs: 10 * SECOND_MS,
  /** A function waits so long for a session's list of pages. */
  pageListMs: 5 * SECOND_MS,
  /** A refused connection stays so long for its client to read why. */
  lingerMs: 2 * SECOND_MS,
  /** What still comes of a request that has its answer is read and dropped for so long. */
  dropMs: 30 * SECOND_MS,
  /** The router waits so long for the proxy's answer. */
  proxyAnswerMs: 12 * SECOND_MS,
  /** A router that stops lets its sockets be for so long, then sends them away with 1012. */
  routerDrainMs: 110 * SECOND_MS,
  routerKillAfterMs: 120 * SECOND_MS,
  /** A router that is taken out keeps its sockets so long, then sends them away with 1012... */
  routerDepartureMs: 55 * MINUTE_MS,
  /** ...before the load balancer cuts them without a word: the most that it allows. ECS sends SIGTERM only after it. */
  loadBalancerDrainMs: HOUR_MS,
} as const;

/** A file on its way into a session. */
export const UPLOAD = {
  /** A function hands a file on within so long, with a token that lives a little longer. */
  handOverMs: 15 * SECOND_MS,
  tokenMs: MINUTE_MS,
  /** Whoever sends nothing for so long is cut off... */
  silentMs: 30 * SECOND_MS,
  /** ...and whoever is not done after so long: 1 GB at 2.3 Mbit/s. */
  maxMs: HOUR_MS,
} as const;

/** Asking again, where two meet or somebody else is late. */
export const RETRY = {
  /** A transaction that met another one: at first, doubling, at most. */
  transactionFirstMs: 15,
  transactionMaxMs: 400,
  /** EC2 does not know a new task's address at once. */
  publicAddressMs: SECOND_MS,
  /** What a client over its quota is told to wait. */
  quotaSeconds: 1,
  /** The same where AWS throttles, fails or does not answer. */
  outageSeconds: 2,
} as const;

/** The most that a variable may make of any of these times. */
export const LONGEST_MS = 24 * HOUR_MS;

/** How long an ended session can still be read. */
export const HISTORY_DAYS = 30;

/** How long it can be read what an operator did. */
export const AUDIT_DAYS = 400;
