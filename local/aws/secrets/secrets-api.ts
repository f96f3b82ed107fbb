import { randomBytes, randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsService } from '../wire/aws-server.ts';
import { createJsonService, operation, textUpTo } from '../wire/json-service.ts';
import type { Secret, SecretsStore, SecretVersion } from './secrets-store.ts';

export interface SecretsApiOptions {
  readonly store: SecretsStore;
  readonly arnPrefix: string;
  readonly now: () => Date;
}

const MAX_SECRET_BYTES = 65_536;

const NAME = z.string().regex(/^[\w/+=.@-]{1,512}$/, 'has invalid characters');
const VALUE = {
  SecretString: textUpTo(MAX_SECRET_BYTES),
  ClientRequestToken: z.string().default(() => randomUUID()),
};
const CREATE_SECRET = z.strictObject({ Name: NAME, ...VALUE });
const PUT_SECRET_VALUE = z.strictObject({ SecretId: NAME, ...VALUE });
const GET_SECRET_VALUE = z.strictObject({ SecretId: NAME });

/** Secrets Manager: text secrets with their current value. No encryption beyond the file's mode. */
export const createSecretsApi = (options: SecretsApiOptions): AwsService =>
  createJsonService({
    targetPrefix: 'secretsmanager',
    version: '1.1',
    invalidInput: 'InvalidParameterException',
    operations: {
      CreateSecret: operation(CREATE_SECRET, (input) => createSecret(input, options)),
      PutSecretValue: operation(PUT_SECRET_VALUE, (input) => {
        const secret = { ...find(input.SecretId, options), versions: toVersions(input, options) };
        options.store.save(secret);
        return describe(secret);
      }),
      GetSecretValue: operation(GET_SECRET_VALUE, ({ SecretId }) => {
        const secret = find(SecretId, options);
        const { secretString: SecretString, createdAtSeconds: CreatedDate } = secret.versions[0];
        return { ...describe(secret), SecretString, CreatedDate };
      }),
    },
  });

function createSecret(input: z.infer<typeof CREATE_SECRET>, options: SecretsApiOptions): object {
  const { Name: name } = input;
  const existing = options.store.find(name);
  // The SDK's retry of a call whose answer was lost is no second secret.
  if (existing !== undefined && existing.versions[0].id !== input.ClientRequestToken) {
    throw new AwsError('ResourceExistsException', `The secret ${name} already exists.`);
  }
  // The six characters keep an ARN from matching a secret of the same name made later.
  const arn = existing?.arn ?? `${options.arnPrefix}:secret:${name}-${randomBytes(3).toString('hex')}`;
  const secret = { name, arn, versions: toVersions(input, options) };
  options.store.save(secret);
  return describe(secret);
}

const toVersions = (
  {
    SecretString: secretString,
    ClientRequestToken: id,
  }: { SecretString: string; ClientRequestToken: string },
  { now }: SecretsApiOptions,
): readonly [SecretVersion] => [{ id, secretString, createdAtSeconds: now().getTime() / 1000 }];

const describe = ({ arn, name, versions: [current] }: Secret): object => ({
  ARN: arn,
  Name: name,
  VersionId: current.id,
  VersionStages: ['AWSCURRENT'],
});

function find(name: string, { store }: SecretsApiOptions): Secret {
  const secret = store.find(name);
  if (secret !== undefined) return secret;
  throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}
