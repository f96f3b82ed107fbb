import { randomBytes, randomUUID } from 'node:crypto';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsService } from '../wire/aws-server.ts';
import { createInputReader } from '../wire/input-reader.ts';
import { createJsonService, type JsonObject } from '../wire/json-service.ts';
import type { Secret, SecretsStore, SecretVersion } from './secrets-store.ts';

export interface SecretsApiOptions {
  readonly store: SecretsStore;
  readonly arnPrefix: string;
  readonly now: () => Date;
}

const MAX_SECRET_BYTES = 65_536;
const SECRET_NAME = /^[\w/+=.@-]{1,512}$/;

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);
const read = createInputReader('InvalidParameterException');

/** Secrets Manager: text secrets with their current value. No encryption beyond the file's mode. */
export const createSecretsApi = (options: SecretsApiOptions): AwsService =>
  createJsonService({
    targetPrefix: 'secretsmanager',
    version: '1.1',
    operations: {
      CreateSecret: (input) => createSecret(input, options),
      PutSecretValue: (input) => putSecretValue(input, options),
      GetSecretValue: (input) => getSecretValue(input, options),
    },
  });

function createSecret(input: JsonObject, { store, arnPrefix, now }: SecretsApiOptions): object {
  read.only('CreateSecret', input, ['Name', 'SecretString', 'ClientRequestToken']);
  const name = read.text(input, 'Name');
  if (!SECRET_NAME.test(name)) throw invalid('Name has invalid characters');
  const version = readVersion(input, now);
  const existing = store.find(name);
  // The SDK's retry of a call whose answer was lost is no second secret.
  if (existing !== undefined && existing.current.id !== version.id) {
    throw new AwsError('ResourceExistsException', `The secret ${name} already exists.`);
  }
  // The six characters keep an ARN from matching a secret of the same name made later.
  const arn = existing?.arn ?? `${arnPrefix}:secret:${name}-${randomBytes(3).toString('hex')}`;
  store.save({ name, arn, current: version });
  return { ARN: arn, Name: name, VersionId: version.id };
}

function putSecretValue(input: JsonObject, { store, now }: SecretsApiOptions): object {
  read.only('PutSecretValue', input, ['SecretId', 'SecretString', 'ClientRequestToken']);
  const secret = find(input, store);
  const current = readVersion(input, now);
  store.save({ ...secret, current });
  return { ARN: secret.arn, Name: secret.name, VersionId: current.id, VersionStages: ['AWSCURRENT'] };
}

function getSecretValue(input: JsonObject, { store }: SecretsApiOptions): object {
  read.only('GetSecretValue', input, ['SecretId']);
  const { arn, name, current } = find(input, store);
  return {
    ARN: arn,
    Name: name,
    VersionId: current.id,
    SecretString: current.secretString,
    VersionStages: ['AWSCURRENT'],
    CreatedDate: current.createdAtSeconds,
  };
}

function find(input: JsonObject, store: SecretsStore): Secret {
  const secret = store.find(read.text(input, 'SecretId'));
  if (secret !== undefined) return secret;
  throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}

function readVersion(input: JsonObject, now: () => Date): SecretVersion {
  const secretString = read.text(input, 'SecretString');
  if (Buffer.byteLength(secretString) > MAX_SECRET_BYTES) {
    throw invalid(`SecretString is longer than ${MAX_SECRET_BYTES} bytes`);
  }
  const id = read.optionalText(input, 'ClientRequestToken') ?? randomUUID();
  return { id, secretString, createdAtSeconds: now().getTime() / 1000 };
}
