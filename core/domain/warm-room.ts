/** For how many warm containers the account's quota leaves room. Pure. */

/** In ECS's units: 1,024 are a vCPU. */
const CPU_UNITS_A_VCPU = 1_024;

export interface Room {
  readonly vcpuQuota: number;
  /** What a warm container takes: the `cpu` of the task definition. */
  readonly warmCpuUnits: number;
  /** All browsers that run and are no warm ones. Undefined: of the same size as these. */
  readonly inUse: readonly { readonly cpuUnits?: number | undefined }[];
}

/** For how many warm containers there is room: the quota less what sessions have, each in its own size. */
export function roomFor({ vcpuQuota, warmCpuUnits, inUse }: Room): number {
  const used = inUse.reduce((total, { cpuUnits }) => total + (cpuUnits ?? warmCpuUnits), 0);
  return Math.max(0, Math.floor((vcpuQuota * CPU_UNITS_A_VCPU - used) / warmCpuUnits));
}
