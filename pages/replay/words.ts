/** What is said of times, sizes and events. Texts of the recorded session come out as texts, never as HTML. */
import { END_REASONS, isEndReason } from '../../core/domain/end-reason.ts';
import type { ReplayEvent } from '../../core/domain/replay.ts';
import { EVENT_TYPES, type EventCategory, type EventType } from '../../core/domain/session-event.ts';

const pad = (value: number): string => String(value).padStart(2, '0');

/** 1:02:03 or 2:03. */
export function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours}:${pad(minutes % 60)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

/** A span in words: 12 s, 4 min 10 s, 2 h 5 min. */
export function spanOf(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  const [large, small, unit, smallUnit] =
    minutes < 60 ? [minutes, seconds % 60, 'min', 's'] : [Math.floor(minutes / 60), minutes % 60, 'h', 'min'];
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;
}

const UNITS = ['bytes', 'KB', 'MB', 'GB'];

export function sizeOf(bytes: number): string {
  const step = bytes < 1_000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** step;
  return `${step === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${UNITS[step]}`;
}

/** An address as a person says it. */
export function addressOf(url: string): string {
  const short = url.replace(/^https?:\/\//, '').replace(/\/$/, '');
  return short === '' || short === 'about:blank' ? 'an empty page' : short;
}

export type Kind = EventCategory;

/** Undefined for an event that a later version of the platform tells of. */
export const kindOf = ({ type }: ReplayEvent): Kind | undefined =>
  Object.hasOwn(EVENT_TYPES, type) ? EVENT_TYPES[type].category : undefined;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const countOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

const WORDS: Partial<Record<EventType, (data: ReplayEvent['data']) => string>> = {
  'session.created': () => 'The session was asked for',
  'session.ready': () => 'The browser was ready',
  'session.ended': ({ reason }) => (isEndReason(reason) ? END_REASONS[reason].text : 'The session ended'),
  'client.connected': ({ clients }) =>
    countOf(clients) > 1 ? `A client connected: ${countOf(clients)} now` : 'A client connected',
  'client.disconnected': ({ clients }) =>
    countOf(clients) > 0 ? `A client left: ${countOf(clients)} stay` : 'The last client left',
  'page.opened': ({ url }) => `Opened ${addressOf(text(url))}`,
  'download.completed': ({ filename, sizeBytes }) =>
    `Downloaded ${text(filename)}, ${sizeOf(countOf(sizeBytes))}`,
  'download.failed': ({ filename, reason }) => `Download of ${text(filename)} failed: ${text(reason)}`,
  'recording.lost': ({ sizeBytes }) => `${sizeOf(countOf(sizeBytes))} of the recording were lost`,
  'recording.stopped': ({ reason }) => `The recording stopped: ${text(reason)}`,
  'extension.loaded': ({ name, version }) =>
    `Extension loaded: ${`${text(name)} ${text(version)}`.trim() || 'without a name'}`,
  'browser.crashed': () => 'The browser crashed',
  'browser.out_of_memory': () => 'The session ran out of memory',
  'page.crashed': ({ url, isOutOfMemory }) =>
    `${addressOf(text(url))} crashed${isOutOfMemory === true ? ': out of memory' : ''}`,
};

export const wordsOf = ({ type, data }: ReplayEvent): string => WORDS[type]?.(data) ?? type;
