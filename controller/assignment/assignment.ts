import type { ContainerSettings } from '../../core/domain/container-settings.ts';
import { lineIdsOf } from '../../core/domain/log-events.ts';

/** The session that a container works for. It gets one, once. */
export interface Assignment {
  readonly sessionId: string;
  readonly projectId: string;
  readonly settings: ContainerSettings;
  /** With which the container speaks to the platform for this session. */
  readonly token: string;
}

/** What every line of a container says from then on. */
export const lineIdsOfAssignment = ({ sessionId, projectId, settings }: Assignment) =>
  lineIdsOf({ sessionId, projectId, requestId: settings.origin?.requestId ?? undefined });

/** Where a container's session comes from: its environment, or a claim (claims.ts). */
export interface AssignmentSource {
  /** Resolves when there is a session for this container. */
  next(): Promise<Assignment>;
}

/** Of a container that is started for one session: it is known from the first moment. */
export const assignedAtStart = (assignment: Assignment): AssignmentSource => ({
  next: async () => assignment,
});
