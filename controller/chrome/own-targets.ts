import type { Json } from './json.ts';
import type { SessionOwners } from './session-owners.ts';

/** An event of Chrome's, or an answer, as far as it speaks of targets. */
export interface TargetMessage {
  readonly method?: string;
  readonly params?: Json & { readonly targetId?: unknown; readonly targetInfo?: Json };
  readonly result?: Json;
}

/** What the platform opens for itself is announced to no client: its targets, and that it has attached to one. */
export interface OwnTargets {
  add(targetId: string): void;
  /** The platform attaches to this target, until what is returned is called. */
  visit(targetId: unknown): () => void;
  /** Whether there is anything to hide: until then no message is looked into for it. */
  hasAny(): boolean;
  /** An event as a client may hear it; null: not at all. */
  showEvent<T extends TargetMessage>(event: T): T | null;
  /** The answer to Target.getTargets as a client may read it. */
  showList<T extends TargetMessage>(answer: T): T;
}

export function createOwnTargets(owners: Pick<SessionOwners, 'all'>): OwnTargets {
  // For good: what Chrome says of a target may come after its end, and they are a few dozen in a session.
  const targetIds = new Set<unknown>();
  const visits = new Set<{ readonly targetId: unknown }>();

  const isVisited = (targetId: unknown) => [...visits].some((visit) => visit.targetId === targetId);
  const isClients = (targetId: unknown) => [...owners.all()].some((session) => session.targetId === targetId);
  // Chrome says `attached` of a target as well that the platform alone looks at.
  const show = (info: Json): Json =>
    isVisited(info.targetId) ? { ...info, attached: isClients(info.targetId) } : info;

  return {
    add: (targetId) => void targetIds.add(targetId),
    visit(targetId) {
      const visit = { targetId };
      visits.add(visit);
      return () => void visits.delete(visit);
    },
    hasAny: () => targetIds.size > 0 || visits.size > 0,
    showEvent(event) {
      const { params } = event;
      if (targetIds.has(params?.targetId) || targetIds.has(params?.targetInfo?.targetId)) return null;
      if (event.method === 'Target.attachedToTarget' || params?.targetInfo === undefined) return event;
      return { ...event, params: { ...params, targetInfo: show(params.targetInfo) } };
    },
    showList(answer) {
      const infos = answer.result?.targetInfos;
      if (!Array.isArray(infos)) return answer;
      const shown = infos.filter(({ targetId }: Json) => !targetIds.has(targetId)).map(show);
      return { ...answer, result: { ...answer.result, targetInfos: shown } };
    },
  };
}
