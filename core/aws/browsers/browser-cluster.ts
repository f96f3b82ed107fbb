import type { ECSClient } from '@aws-sdk/client-ecs';

/** Where browser containers run. */
export interface BrowserCluster {
  readonly client: ECSClient;
  readonly cluster: string;
}
