/** What sessions run on: Fargate, or the spare capacity of it, which AWS may take back with two minutes' notice. */
export const CAPACITY_PROVIDERS = ['FARGATE', 'FARGATE_SPOT'] as const;

export type CapacityProvider = (typeof CAPACITY_PROVIDERS)[number];
