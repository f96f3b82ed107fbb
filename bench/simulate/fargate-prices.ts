/** Fargate's list prices for Linux in us-west-2, which are those of us-east-1. Their sources are in docs/runbooks/costs.md. */

export const ARCHITECTURES = ['x86_64', 'arm64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

export interface TaskSize {
  readonly vcpu: number;
  readonly memoryGb: number;
}

export interface Choice {
  readonly architecture: Architecture;
  readonly isSpot: boolean;
  readonly size: TaskSize;
}

/** US dollars an hour. */
const ON_DEMAND: Readonly<Record<Architecture, { readonly vcpu: number; readonly gb: number }>> = {
  x86_64: { vcpu: 0.04048, gb: 0.004445 },
  arm64: { vcpu: 0.03238, gb: 0.00356 },
};

/** AWS says "up to 70 %" and moves it with its spare capacity: the best that can be had. */
export const SPOT_DISCOUNT = 0.7;
export const HOURS_A_MONTH = 730;

/** US dollars for an hour of one task, without its address and its traffic. */
export function taskHourUsd({ architecture, isSpot, size }: Choice): number {
  const { vcpu, gb } = ON_DEMAND[architecture];
  const usd = size.vcpu * vcpu + size.memoryGb * gb;
  return isSpot ? usd * (1 - SPOT_DISCOUNT) : usd;
}
