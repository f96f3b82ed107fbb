import type { Emit } from '../events/event-reporter.ts';
import { putRecordingBy } from '../recording/put-recording.ts';
import { SessionRecording } from '../recording/session-recording.ts';
import type { SessionDeps } from './session-deps.ts';

/** Of one session: stored while it runs, and told of. */
export const openRecording = (
  { api, clock, logger }: Pick<SessionDeps, 'api' | 'clock' | 'logger'>,
  emit: Emit,
): SessionRecording =>
  new SessionRecording({
    store: putRecordingBy(api, clock),
    clock,
    logger,
    events: {
      onPart: ({ page, part, bytes, durationMs }) =>
        emit('recording.part', { page: String(page), part, sizeBytes: bytes, durationMs }),
      onLost: (sizeBytes, reason) => emit('recording.lost', { sizeBytes, reason }),
      onStopped: (reason) => emit('recording.stopped', { reason }),
    },
  });
