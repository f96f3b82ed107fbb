import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DOWNLOAD_TRIES } from './recording-download.ts';
import {
  AWS_CALL,
  CONNECTION,
  CONTAINER_API,
  CONTAINER_START,
  CONTAINER_STOP,
  CREATE_LADDER,
  CREDENTIALS,
  EVENT_STREAM,
  HEARTBEAT,
  READY_SIGNAL,
  RECORDING_DOWNLOAD,
  RETRY,
  SESSION_DEADLINES,
  SESSION_TIMEOUT,
  SWEEP,
  UPLOAD,
} from './timing.ts';

const timing = suite('timing');

/** Each line: the smaller, the larger, and what breaks when it is the other way round. */
const ORDER: readonly (readonly [smaller: number, larger: number, why: string])[] = [
  [CREATE_LADDER.readyWaitMs, CREATE_LADDER.functionMs, 'a create that gives up still ends its session'],
  [
    4 * 3 * (AWS_CALL.connectMs + AWS_CALL.answerMs),
    CREATE_LADDER.functionMs,
    'a function that asks four things, each of them three times, still tells its client that AWS does not answer',
  ],
  [CREDENTIALS.keyCacheMs, CREDENTIALS.staleKeysMs, 'keys that cannot be read again do for some time'],
  [
    CREDENTIALS.staleKeysMs + SESSION_TIMEOUT.maxSeconds * 1000 + CREDENTIALS.controllerGraceMs,
    CREDENTIALS.retiredKeyMs,
    'a token that was signed by a key from before a rotation is good to its end',
  ],
  [
    CREATE_LADDER.readyWaitMs + CREATE_LADDER.answerMarginMs,
    CREATE_LADDER.functionMs,
    'what a create says in the end leaves before its time-out',
  ],
  [CREATE_LADDER.functionMs, CREATE_LADDER.gatewayMs, "the function's answer reaches the gateway"],
  [CREATE_LADDER.gatewayMs, CREATE_LADDER.edgeMs, "the gateway's answer reaches the edge"],
  [
    EVENT_STREAM.answerMs + EVENT_STREAM.readEveryMs,
    CREATE_LADDER.functionMs,
    'a followed answer ends by itself',
  ],
  [RECORDING_DOWNLOAD.encodeMs, RECORDING_DOWNLOAD.functionMs, 'an encoder that takes too long is told of'],
  [RECORDING_DOWNLOAD.functionMs, RECORDING_DOWNLOAD.retryMs, 'nobody works at a film that another one has'],
  [
    (DOWNLOAD_TRIES - 1) * RECORDING_DOWNLOAD.retryMs + RECORDING_DOWNLOAD.functionMs,
    RECORDING_DOWNLOAD.pendingMs,
    'an MP4 that can still be made is not given up',
  ],
  [EVENT_STREAM.beatMs, CREATE_LADDER.edgeMs, 'the edge does not give up a silent one'],
  [READY_SIGNAL.longPollMs, CREATE_LADDER.readyWaitMs, 'a poll ends within the wait'],
  [READY_SIGNAL.readEveryMs, READY_SIGNAL.longPollMs, 'a lost signal is made up for'],
  [
    CONTAINER_START.chromeLaunchMs + CONTAINER_START.proofMs,
    CREATE_LADDER.readyWaitMs,
    'a container gives up on Chrome while somebody waits to hear it',
  ],
  [CREATE_LADDER.clientMs, CONTAINER_START.limitMs, 'no session is swept while its create waits'],
  [2 * HEARTBEAT.intervalMs, HEARTBEAT.lostAfterMs, 'one lost beat is no lost container'],
  [HEARTBEAT.answerMs, HEARTBEAT.intervalMs, 'beats do not pile up'],
  [
    CONTAINER_API.answerMs + CONTAINER_API.retriesAfterMs.reduce((sum, waitMs) => sum + waitMs, 0),
    CREATE_LADDER.readyWaitMs,
    'a ready report that is tried again still finds the create waiting',
  ],
  [
    CONTAINER_API.storeSilenceMs,
    CONTAINER_STOP.shutdownMs,
    'a silent S3 is noticed while there is time to say so',
  ],
  [RETRY.transactionFirstMs, RETRY.transactionMaxMs, 'waits grow'],
  [HEARTBEAT.lostAfterMs, HEARTBEAT.silenceMs, 'the platform gives a container up before it gives up itself'],
  [SESSION_DEADLINES.reconnectGraceMs, SESSION_DEADLINES.connectMs, 'coming back is quicker than coming'],
  [
    CREATE_LADDER.clientMs,
    SESSION_DEADLINES.unseenConnectMs,
    'whoever starts a client by hand, or tries again, comes in time',
  ],
  [
    SESSION_DEADLINES.unseenConnectMs,
    SESSION_DEADLINES.connectMs,
    'a session that nobody may know of goes first',
  ],
  [SESSION_DEADLINES.connectMs, SESSION_DEADLINES.idleMs, 'a session that nobody uses goes first'],
  [
    CONTAINER_STOP.reclaimNoticeMs +
      CONTAINER_STOP.askAgainMs +
      CONTAINER_STOP.askWhyMs +
      CONTAINER_STOP.shutdownMs,
    CONTAINER_STOP.killAfterMs,
    'ECS never is what ends a container, not even one that waits for the reason',
  ],
  [
    CONTAINER_STOP.askWhyMs +
      CONTAINER_STOP.downloadFinishMs +
      CONTAINER_STOP.chromeCloseMs +
      CONTAINER_API.storeSilenceMs +
      CONTAINER_STOP.reportMs,
    CONTAINER_STOP.shutdownMs,
    'there is time left to save a profile',
  ],
  [CONTAINER_STOP.hurriedDownloadMs, CONTAINER_STOP.downloadFinishMs, 'a hurried wait is the shorter one'],
  [CONTAINER_STOP.hurriedReportMs, CONTAINER_STOP.reportMs, 'a hurried report is the shorter one'],
  [CONTAINER_STOP.killAfterMs, SWEEP.terminatingLimitMs, 'a container reports its own end'],
  [CREATE_LADDER.readyWaitMs, SWEEP.taskGraceMs, 'no task is stopped while its create runs'],
  [
    CONTAINER_STOP.killAfterMs + SWEEP.everyMs + SWEEP.terminatingLimitMs,
    CREDENTIALS.controllerGraceMs,
    'a token outlives all that its container still reports',
  ],
  [
    SESSION_TIMEOUT.maxSeconds * 1000 + CREDENTIALS.controllerGraceMs + CREDENTIALS.keyCacheMs,
    CREDENTIALS.retiredKeyMs,
    'no rotation ends a running session',
  ],
  [
    CREDENTIALS.uploadUrlSeconds * 1000,
    CREDENTIALS.lastUploadMs,
    'an upload has ended when its context is forgotten',
  ],
  [2 * CONNECTION.pingMs, CONNECTION.natIdleMs, 'a lost ping is no lost connection'],
  [
    4 * CONNECTION.pingMs,
    CONNECTION.silentClientMs,
    'a client that stands still for a minute or two keeps its browser',
  ],
  [
    CONNECTION.silentClientMs,
    SESSION_DEADLINES.idleMs,
    'a client that is gone is told from one that only says nothing',
  ],
  [
    CONNECTION.heldTargetMs,
    CONNECTION.pageListMs,
    'nobody gives up on Chrome for a target that waits for a client which stands still',
  ],
  [CONNECTION.natIdleMs, CONNECTION.edgeIdleMs, 'the strictest box on the way is the NAT gateway'],
  [CONNECTION.chromeReadyMs, CONNECTION.proxyAnswerMs, "the proxy's own refusal passes the router"],
  [UPLOAD.handOverMs, UPLOAD.tokenMs, 'the token of a file is good until the file is there'],
  [UPLOAD.silentMs, UPLOAD.maxMs, 'who stands still is cut off first'],
  [CONNECTION.routerDrainMs, CONNECTION.routerKillAfterMs, 'a router says goodbye before it is killed'],
  [CONNECTION.routerDepartureMs, CONNECTION.loadBalancerDrainMs, 'a router says 1012 before it is cut off'],
];

for (const [smaller, larger, why] of ORDER) {
  timing(`${smaller} < ${larger}, so that ${why}`, () => {
    assert.ok(smaller < larger);
  });
}

timing('the edge does not give up after the client', () => {
  assert.ok(CREATE_LADDER.edgeMs <= CREATE_LADDER.clientMs);
});

timing.run();
