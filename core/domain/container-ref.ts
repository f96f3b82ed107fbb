import type { Session } from './session.ts';

/** A container that speaks for a session, by what its token says. */
export interface ContainerRef {
  readonly sessionId: string;
  /** Of one that was claimed. One that was started for its session has none. */
  readonly warmId: string | undefined;
}

/** Whether the session names this container. Another one was given up: it is not to be believed, whatever it says. */
export const isContainerOf = (session: Pick<Session, 'warmId'>, { warmId }: ContainerRef): boolean =>
  session.warmId === warmId;
