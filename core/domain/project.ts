/** One item of the projects table. `running` counts the sessions that have not ended. */
export interface Project {
  readonly projectId: string;
  readonly name: string;
  readonly ownerId: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly defaultTimeoutSeconds: number;
  /** How many sessions the project may have at once. */
  readonly concurrency: number;
  readonly running: number;
  readonly browserMinutes: number;
  readonly proxyBytes: number;
  /** Since when it is being deleted: nothing new begins in it, and its deletion can be gone on with. */
  readonly deletingSince?: string;
}

export interface ProjectView {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly name: string;
  readonly ownerId: string;
  readonly defaultTimeout: number;
  readonly concurrency: number;
}

export interface ProjectUsageView {
  readonly browserMinutes: number;
  readonly proxyBytes: number;
}

export const toProjectView = (project: Project): ProjectView => ({
  id: project.projectId,
  createdAt: project.createdAt,
  updatedAt: project.updatedAt,
  name: project.name,
  ownerId: project.ownerId,
  defaultTimeout: project.defaultTimeoutSeconds,
  concurrency: project.concurrency,
});

export const toUsageView = (project: Project): ProjectUsageView => ({
  browserMinutes: project.browserMinutes,
  proxyBytes: project.proxyBytes,
});
