import type { ArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import type { BrowserCluster } from '../../core/aws/browsers/browser-cluster.ts';
import type { ContextsBucket } from '../../core/aws/contexts/contexts-bucket.ts';
import type { Table } from '../../core/aws/dynamodb/document-client.ts';
import type { TokenKeyStores } from '../../core/aws/keys/rotate-token-keys.ts';
import type { Clock } from '../../core/domain/clock.ts';

/** What the commands work on: one installation, on AWS or on this machine. */
export interface Installation {
  /** Who acts. */
  readonly who: string;
  readonly clock: Clock;
  readonly projects: Table;
  readonly apiKeys: Table;
  readonly sessions: Table;
  readonly contexts: Table;
  readonly extensions: Table;
  readonly certificates: Table;
  readonly downloads: Table;
  readonly sessionEvents: Table;
  readonly webhooks: Table;
  readonly webhookDeliveries: Table;
  readonly audit: Table;
  readonly tokenKeys: TokenKeyStores;
  /** Where the archives are; on AWS its name is asked for. */
  bucket(): Promise<ContextsBucket>;
  /** The bucket of what is no profile. */
  artifacts(): Promise<ArtifactsBucket>;
  /** Undefined on a machine that does not run: then there are none. */
  readonly browsers: BrowserCluster | undefined;
  /** Says something beside the answer. */
  tell(line: string): void;
  close(): Promise<void>;
}

export const tellOnStandardError = (line: string): void => void process.stderr.write(`${line}\n`);
