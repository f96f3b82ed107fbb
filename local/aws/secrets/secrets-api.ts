import { randomBytes, randomUUID } from 'node:crypto';
import * as z from 'zod';
import { readJsonFile, writeFileAtomic } from '../../data/atomic-file.ts';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsService } from '../wire/aws-server.ts';
import { createJsonService, operation, textUpTo } from '../wire/json-service.ts';

interface SecretVersion {
  readonly id: string;
  readonly secretString: string;
  readonly createdAtSeconds: number;
}

interface Secret {
  readonly name: string;
  readonly arn: string;
  /** The current one comes first. Earlier releases kept the one before it as well. */
  readonly versions: readonly [SecretVersion, ...SecretVersion[]];
}

export interface SecretsApiOptions {
  /** All secrets, for its owner only; replaced as a whole. */
  readonly file: string;
  readonly arnPrefix: string;
  readonly now: () => Date;
}

const MAX_SECRET_BYTES = 65_536;

const NAME = z.string().regex(/^[\w/+=.@-]{1,512}$/, 'has invalid characters');
const VALUE = {
  SecretString: textUpTo(MAX_SECRET_BYTES),
  ClientRequestToken: z.string().default(() => randomUUID()),
};
type Value = { readonly SecretString: string; readonly ClientRequestToken: string };
const CREATE_SECRET = z.strictObject({ Name: NAME, ...VALUE });
const PUT_SECRET_VALUE = z.strictObject({ SecretId: NAME, ...VALUE });
const GET_SECRET_VALUE = z.strictObject({ SecretId: NAME });

/** Secrets Manager: text secrets with their current value. No encryption beyond the file's mode. */
export function createSecretsApi({ file, arnPrefix, now }: SecretsApiOptions): AwsService {
  const stored = (readJsonFile(file) ?? []) as readonly Secret[];
  const secrets = new Map(stored.map((secret) => [secret.name, secret]));

  const find = (name: string): Secret => {
    const secret = secrets.get(name);
    if (secret !== undefined) return secret;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  };
  const save = (name: string, arn: string, value: Value): object => {
    const { SecretString: secretString, ClientRequestToken: id } = value;
    const secret: Secret = {
      name,
      arn,
      versions: [{ id, secretString, createdAtSeconds: now().getTime() / 1000 }],
    };
    secrets.set(name, secret);
    writeFileAtomic(file, JSON.stringify([...secrets.values()]));
    return describe(secret);
  };

  return createJsonService({
    targetPrefix: 'secretsmanager',
    version: '1.1',
    invalidInput: 'InvalidParameterException',
    operations: {
      CreateSecret: operation(CREATE_SECRET, (input) => {
        const { Name: name } = input;
        const existing = secrets.get(name);
        // The SDK's retry of a call whose answer was lost is no second secret.
        if (existing !== undefined && existing.versions[0].id !== input.ClientRequestToken) {
          throw new AwsError('ResourceExistsException', `The secret ${name} already exists.`);
        }
        // The six characters keep an ARN from matching a secret of the same name made later.
        const arn = existing?.arn ?? `${arnPrefix}:secret:${name}-${randomBytes(3).toString('hex')}`;
        return save(name, arn, input);
      }),
      PutSecretValue: operation(PUT_SECRET_VALUE, (input) =>
        save(input.SecretId, find(input.SecretId).arn, input),
      ),
      GetSecretValue: operation(GET_SECRET_VALUE, ({ SecretId }) => {
        const secret = find(SecretId);
        const { secretString: SecretString, createdAtSeconds: CreatedDate } = secret.versions[0];
        return { ...describe(secret), SecretString, CreatedDate };
      }),
    },
  });
}

const describe = ({ arn, name, versions: [current] }: Secret): object => ({
  ARN: arn,
  Name: name,
  VersionId: current.id,
  VersionStages: ['AWSCURRENT'],
});
