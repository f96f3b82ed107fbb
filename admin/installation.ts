import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Table } from '../core/aws/document-client.ts';

/** What the commands work on: one installation, on AWS or on this machine. */
export interface Installation {
  readonly projects: Table;
  readonly apiKeys: Table;
  readonly secrets: SecretsManagerClient;
  readonly tokenKeysSecret: string;
  close(): Promise<void>;
}
