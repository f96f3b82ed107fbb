/**
 * What happened in a session: the one list of its events. API, event bus, container and docs/events.md have them from here.
 *
 * A field that is added is no new version of the schema; one that goes, or means something else, is.
 */
export const EVENT_SCHEMA_VERSION = 1;

export const EVENT_CATEGORIES = [
  'session',
  'client',
  'page',
  'download',
  'recording',
  'extension',
  'network',
  'crash',
] as const;
export type EventCategory = (typeof EVENT_CATEGORIES)[number];

export const EVENT_LIMITS = Object.freeze({
  /** Of a container, for one session; the last of them says so. */
  maxOfContainer: 1_000,
  /** Beyond them, for what must not be lost: crashes. */
  maxReserved: 20,
  /** In one report of a container. */
  maxBatch: 50,
});

type Field =
  | { readonly kind: 'text'; readonly maxLength: number; readonly isOptional?: boolean }
  | { readonly kind: 'number' | 'boolean'; readonly isOptional?: boolean };

const text = (maxLength: number) => ({ kind: 'text', maxLength }) as const;
const number = { kind: 'number' } as const;
const boolean = { kind: 'boolean' } as const;
const optional = <F extends Field>(field: F) => ({ ...field, isOptional: true }) as const;

const id = text(64);
const sentence = text(1_000);
const pageAddress = text(1_024);

/** `by`: who knows of it. The platform's own come of the session's record, the others from its container. */
export const EVENT_TYPES = {
  'session.created': {
    category: 'session',
    by: 'platform',
    data: {
      keepAlive: boolean,
      region: text(32),
      timeoutSeconds: number,
      expiresAt: text(32),
      contextId: optional(id),
      taskSize: optional(text(64)),
    },
  },
  'session.claimed': { category: 'session', by: 'platform', data: {} },
  'session.ready': { category: 'session', by: 'platform', data: { afterMs: number, isWarm: boolean } },
  'session.ended': {
    category: 'session',
    by: 'platform',
    data: { status: text(32), reason: text(64), detail: optional(sentence), browserMinutes: number },
  },
  'client.connected': { category: 'client', by: 'container', data: { clients: number } },
  'client.disconnected': {
    category: 'client',
    by: 'container',
    data: { clients: number, closeCode: number },
  },
  'page.opened': {
    category: 'page',
    by: 'container',
    data: { pageId: id, url: pageAddress, navigations: number, leftOut: optional(number) },
  },
  'download.completed': {
    category: 'download',
    by: 'container',
    data: { downloadId: id, filename: text(255), sizeBytes: number },
  },
  'download.failed': {
    category: 'download',
    by: 'container',
    data: { downloadId: optional(id), filename: text(255), reason: text(300) },
  },
  'recording.part': {
    category: 'recording',
    by: 'container',
    data: { page: optional(id), part: number, sizeBytes: number, durationMs: optional(number) },
  },
  /** Of what was recorded so much could not be stored. */
  'recording.lost': {
    category: 'recording',
    by: 'container',
    data: { sizeBytes: number, reason: text(300) },
  },
  /** Nothing more is recorded of this session. */
  'recording.stopped': { category: 'recording', by: 'container', data: { reason: text(300) } },
  'extension.loaded': {
    category: 'extension',
    by: 'container',
    data: { extensionId: id, name: optional(text(128)), version: optional(text(64)) },
  },
  /** The browser asked for a place that it may not reach from here. */
  'egress.refused': {
    category: 'network',
    by: 'container',
    data: { host: text(255), port: number, reason: text(32) },
  },
  /** A proxy of the session's, or of a client's for a context, led nowhere. */
  'proxy.failed': {
    category: 'network',
    by: 'container',
    data: { host: text(255), port: number, reason: text(32) },
  },
  /** Somebody else stored a profile in the context while this session used it, and this session's took its place. */
  'context.replaced': {
    category: 'session',
    by: 'container',
    data: { contextId: id, savedBy: optional(id) },
  },
  /** Rows of the session's log could not be stored. */
  'log.lost': { category: 'session', by: 'container', data: { rows: number, reason: text(300) } },
  'browser.crashed': { category: 'crash', by: 'container', data: { detail: sentence } },
  'browser.out_of_memory': { category: 'crash', by: 'platform', data: { detail: sentence } },
  'page.crashed': {
    category: 'crash',
    by: 'container',
    data: { pageId: id, url: optional(pageAddress), isOutOfMemory: boolean },
  },
  /** A container could not send so many in time, and went on without them. */
  'events.lost': { category: 'session', by: 'container', data: { count: number } },
  /** It has sent as many as a session may have; with `stopped`, as many of that category. */
  'events.stopped': {
    category: 'session',
    by: 'container',
    data: { limit: number, stopped: optional(text(32)) },
  },
} as const satisfies Record<
  string,
  { readonly category: EventCategory; readonly by: 'platform' | 'container'; readonly data: Fields }
>;

type Fields = Readonly<Record<string, Field>>;
type Types = typeof EVENT_TYPES;
export type EventType = keyof Types;
export type ContainerEventType = {
  [Type in EventType]: Types[Type]['by'] extends 'container' ? Type : never;
}[EventType];

type ValueOf<F extends Field> = F['kind'] extends 'text'
  ? string
  : F['kind'] extends 'number'
    ? number
    : boolean;
type OptionalIn<F extends Fields> = {
  [Name in keyof F]: F[Name] extends { isOptional: true } ? Name : never;
}[keyof F];
/** What an event of this type says. */
export type EventData<Type extends EventType> = {
  readonly [Name in Exclude<
    keyof Types[Type]['data'],
    OptionalIn<Types[Type]['data']>
  >]: Types[Type]['data'][Name] extends Field ? ValueOf<Types[Type]['data'][Name]> : never;
} & {
  readonly [Name in OptionalIn<Types[Type]['data']>]?: Types[Type]['data'][Name] extends Field
    ? ValueOf<Types[Type]['data'][Name]>
    : never;
};

export type AnyEventData = Readonly<Record<string, string | number | boolean>>;

/** One event, as it is stored and told. */
export interface SessionEvent {
  readonly sessionId: string;
  readonly projectId: string;
  /** 1, 2, 3, ... in a session, without a gap: what a client has read up to. */
  readonly sequence: number;
  /** When it happened, by the clock of who saw it; ISO 8601. Their order is that of `sequence`. */
  readonly at: string;
  readonly category: EventCategory;
  readonly type: EventType;
  readonly data: AnyEventData;
}

/** One that has no place among its session's events yet. */
export interface NewEvent {
  /** 1, 2, 3, ... of whoever saw it: what is told twice is stored once. There may be gaps. */
  readonly number: number;
  readonly at: string;
  readonly type: EventType;
  readonly data: AnyEventData;
}

export const isEventType = (value: string): value is EventType => Object.hasOwn(EVENT_TYPES, value);

/** The last event of a session: none follows it. */
export const LAST_EVENT: EventType = 'session.ended';

/** What is wrong with what a container tells, naming the field; undefined when nothing is. */
export function faultOfContainerEvent({ type, data }: { readonly type: string; readonly data: object }) {
  if (!isEventType(type) || EVENT_TYPES[type].by !== 'container')
    return "type must be one of a container's events";
  const fields: Fields = EVENT_TYPES[type].data;
  const unknown = Object.keys(data).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) return `data must have no field but those of ${type}`;
  const wrong = Object.entries(fields).find(
    ([name, field]) => !fits(field, (data as Readonly<Record<string, unknown>>)[name]),
  );
  return wrong === undefined ? undefined : `data/${wrong[0]} must be a ${wrong[1].kind} as ${type} has it`;
}

function fits(field: Field, value: unknown): boolean {
  if (value === undefined) return field.isOptional === true;
  if (field.kind === 'text') return typeof value === 'string' && value.length <= field.maxLength;
  return field.kind === 'number' ? Number.isFinite(value) : typeof value === 'boolean';
}

/** The same with its texts cut to what they may have; no character is cut in two. */
export function cutEventData<Type extends EventType>(type: Type, data: EventData<Type>): AnyEventData {
  const fields: Fields = EVENT_TYPES[type].data;
  const cut = Object.entries(data as Readonly<Record<string, string | number | boolean | undefined>>).flatMap(
    ([name, value]) => {
      const field = fields[name];
      if (value === undefined || field === undefined) return [];
      if (field.kind !== 'text' || typeof value !== 'string') return [[name, value] as const];
      return [[name, value.slice(0, field.maxLength).toWellFormed()] as const];
    },
  );
  return Object.fromEntries(cut);
}
