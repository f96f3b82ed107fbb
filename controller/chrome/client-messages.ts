import type { LeftEmulation } from './left-emulation.ts';
import { detachFrom } from './own-messages.ts';
import type { OwnTargets } from './own-targets.ts';
import type { Answer, PendingCalls } from './pending-calls.ts';
import { isSessionEvent, isTargetEvent, readAnswerId } from './read-message.ts';
import type { Screenshots } from './screenshots.ts';
import type { OwnedSession, SessionOwners } from './session-owners.ts';
import { type TrailingSession, withoutTrailingSession } from './trailing-session.ts';
import type { UnansweredCommands } from './unanswered-commands.ts';
import { resumeTarget } from './waiting-targets.ts';

export interface ClientMessagesDeps {
  readonly calls: PendingCalls;
  readonly owners: Pick<SessionOwners, 'add' | 'remove'>;
  readonly ownTargets: OwnTargets;
  readonly emulation: Pick<LeftEmulation, 'take'>;
  readonly screenshots: Pick<Screenshots, 'answered' | 'take'>;
  readonly unanswered: Pick<UnansweredCommands, 'settle'>;
}

/** What Chrome says in a client's session of CDP, and what there is to learn from it. Large messages are not parsed. */
export class ClientMessages {
  readonly #deps: ClientMessagesDeps;

  constructor(deps: ClientMessagesDeps) {
    this.#deps = deps;
  }

  take(message: Buffer, tail: TrailingSession, session: OwnedSession): void {
    session.hasSpoken = true;
    const isRoot = tail.cdpSessionId === session.channel.rootCdpSessionId;
    const said = isRoot ? withoutTrailingSession(message, tail) : message;
    const id = readAnswerId(said);
    if (id !== undefined) this.#takeAnswer(id, said, session);
    else if (this.#deps.ownTargets.hasAny() ? isTargetEvent(said) : isSessionEvent(said))
      this.#takeTargetEvent(said, session);
    else session.channel.deliver(said);
  }

  #takeAnswer(id: number, message: Buffer, session: OwnedSession): void {
    const { calls, ownTargets, screenshots } = this.#deps;
    const sentAs = session.unanswered.get(id);
    session.unanswered.delete(id);
    screenshots.answered(session, id);
    // Asked by the controller, on the client's behalf.
    if (sentAs === undefined && calls.has(id)) calls.answer(id, parse(message), session.cdpSessionId);
    else if (sentAs === 'targets' && ownTargets.hasAny())
      session.channel.deliver(write(ownTargets.showList(parse(message))));
    else session.channel.deliver(message);
  }

  #takeTargetEvent(message: Buffer, session: OwnedSession): void {
    const { ownTargets } = this.#deps;
    const event = parse(message);
    const shown = ownTargets.hasAny() ? ownTargets.showEvent(event) : event;
    if (shown === null) this.#leave(event, session);
    else this.#tell(event, shown === event ? message : write(shown), session);
  }

  #tell(event: Answer, message: Buffer, session: OwnedSession): void {
    const cdpSessionId = event.params?.sessionId;
    if (cdpSessionId !== undefined && event.method === 'Target.attachedToTarget')
      this.#attached(event, cdpSessionId, session);
    session.channel.deliver(message);
    if (cdpSessionId !== undefined && event.method === 'Target.detachedFromTarget')
      this.#detached(cdpSessionId);
    else if (event.params?.waitingForDebugger === true) session.channel.waiting();
  }

  /** A session of CDP has come: it is this client's. */
  #attached(
    { params }: Answer,
    cdpSessionId: string,
    { channel, cdpSessionId: parentId }: OwnedSession,
  ): void {
    const { targetInfo, waitingForDebugger } = params ?? {};
    const targetId = targetInfo?.targetId;
    const isWaiting = waitingForDebugger === true;
    this.#deps.owners.add({ cdpSessionId, channel, parentId, targetId, isWaiting });
  }

  /** After the news: a library has given up by itself what it asked there. */
  #detached(cdpSessionId: string): void {
    const gone = this.#deps.owners.remove(cdpSessionId);
    this.#deps.unanswered.settle(gone);
    this.#deps.emulation.take(gone);
    this.#deps.screenshots.take(gone);
  }

  /** A client that attaches to every new target has got one of the platform's, and may have stopped it at its start. */
  #leave({ method, params }: Answer, { cdpSessionId: parentId }: OwnedSession): void {
    const { calls } = this.#deps;
    const cdpSessionId = params?.sessionId;
    if (cdpSessionId === undefined) return;
    if (method === 'Target.detachedFromTarget') calls.forgetSession(cdpSessionId);
    if (method !== 'Target.attachedToTarget') return;
    // In this order: a target that is left does not go on by that.
    resumeTarget(calls, cdpSessionId);
    detachFrom(calls, cdpSessionId, parentId);
  }
}

const parse = (message: Buffer): Answer => JSON.parse(message.toString()) as Answer;

const write = (message: object): Buffer => Buffer.from(JSON.stringify(message));
