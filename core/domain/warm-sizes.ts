/** How large the warm pool is to be: at least, at most, and at which hours it differs. */
import { isObject } from './is-object.ts';

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Hours at which another minimum holds, in UTC. `to` before `from`: until the next day. */
export interface WarmHours {
  readonly from: string;
  readonly to: string;
  /** On which the hours begin. */
  readonly days: readonly Weekday[];
  readonly min: number;
}

export interface WarmSizes {
  readonly min: number;
  readonly max: number;
  readonly schedule: readonly WarmHours[];
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const DAY_MINUTES = 24 * 60;

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

/** The minimum that holds at `now`: the schedule's, where it says something of that hour. */
export function minimumAt({ min, schedule }: Omit<WarmSizes, 'max'>, now: Date): number {
  const holding = schedule.filter((hours) => holdsAt(hours, now));
  return holding.length === 0 ? min : Math.max(...holding.map((hours) => hours.min));
}

function holdsAt({ from, to, days }: WarmHours, now: Date): boolean {
  const minute = now.getUTCHours() * 60 + now.getUTCMinutes();
  const [start, end] = [minutesOf(from), minutesOf(to)];
  const isOn = (day: number) => days.includes(WEEKDAYS[(day + 7) % 7] ?? 'sun');
  const today = now.getUTCDay();
  if (start < end) return isOn(today) && minute >= start && minute < Math.min(end, DAY_MINUTES);
  return (isOn(today) && minute >= start) || (isOn(today - 1) && minute < end);
}

/** Sizes as a variable has them. Throws an Error that names what is not usable. */
export function parseWarmSizes(value: unknown): WarmSizes {
  if (!isObject(value)) throw new Error('must be an object');
  const { min, max, schedule } = value;
  if (!isCount(min) || !isCount(max)) throw new Error('must have whole numbers as min and max');
  if (min > max) throw new Error('must have a min that is not above its max');
  if (!Array.isArray(schedule) || !schedule.every(isHours))
    throw new Error(
      'must have a schedule of {from: "08:00", to: "18:00", days: ["mon"], min: 1}, times in UTC',
    );
  return { min, max, schedule };
}

// What warmSlot and slotOfWarmId can name.
const MOST = 999;

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST;

const isTime = (value: unknown): boolean => typeof value === 'string' && TIME.test(value);

const isHours = (value: unknown): value is WarmHours =>
  isObject(value) &&
  isTime(value.from) &&
  isTime(value.to) &&
  Array.isArray(value.days) &&
  value.days.every((day) => WEEKDAYS.includes(day)) &&
  isCount(value.min);
