/** Creates by the minute, as the platform notes them for its keeper. */
import { type DemandMinute, minuteOf, WARM_DEMAND } from '../../core/domain/warm-demand.ts';
import { DEMAND_READ_MS } from '../../core/domain/warm-pool.ts';

const MINUTE_MS = 60_000;

export class Demand {
  #minutes: DemandMinute[] = [];

  note(nowMs: number): void {
    const slot = minuteOf(new Date(nowMs));
    const last = this.#minutes.at(-1);
    if (last?.slot === slot) this.#minutes.pop();
    const creates = last?.slot === slot ? (last.creates ?? 0) + 1 : 1;
    this.#minutes.push({ pool: WARM_DEMAND, slot, creates, purgeAt: 0 });
  }

  /** As far back as the keeper reads. */
  read(nowMs: number): readonly DemandMinute[] {
    const isRead = ({ slot }: DemandMinute) => Date.parse(slot) + MINUTE_MS > nowMs - DEMAND_READ_MS;
    this.#minutes = this.#minutes.filter(isRead);
    return this.#minutes;
  }
}
