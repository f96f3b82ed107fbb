import { randomBytes, randomUUID } from 'node:crypto';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsService } from '../wire/aws-server.ts';
import { createInputReader } from '../wire/input-reader.ts';
import { createJsonService, type JsonObject } from '../wire/json-service.ts';
import type { Secret, SecretsStore, SecretVersion } from './secrets-store.ts';

const STAGES = ['AWSCURRENT', 'AWSPREVIOUS'] as const;
const MAX_SECRET_BYTES = 65_536;
const SECRET_NAME = /^[\w/+=.@-]{1,512}$/;

const read = createInputReader('InvalidParameterException');

/** Secrets Manager: text secrets, the current version and the one before. No encryption beyond the file's mode. */
export function createSecretsApi(options: {
  readonly store: SecretsStore;
  readonly arnPrefix: string;
  readonly now: () => Date;
}): AwsService {
  const { store } = options;

  const find = (input: JsonObject): Secret => {
    const secret = store.find(read.text(input, 'SecretId'));
    if (secret !== undefined) return secret;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  };

  const newVersion = (input: JsonObject): SecretVersion => {
    const secretString = read.text(input, 'SecretString');
    if (Buffer.byteLength(secretString) > MAX_SECRET_BYTES) {
      throw new AwsError(
        'InvalidParameterException',
        `SecretString is longer than ${MAX_SECRET_BYTES} bytes`,
      );
    }
    const id = read.optionalText(input, 'ClientRequestToken') ?? randomUUID();
    return { id, secretString, createdAtSeconds: options.now().getTime() / 1000 };
  };

  return createJsonService({
    targetPrefix: 'secretsmanager',
    version: '1.1',
    operations: {
      CreateSecret(input) {
        read.only('CreateSecret', input, ['Name', 'SecretString', 'ClientRequestToken']);
        const name = read.text(input, 'Name');
        if (!SECRET_NAME.test(name))
          throw new AwsError('InvalidParameterException', 'Name has invalid characters');
        const version = newVersion(input);
        const existing = store.find(name);
        if (existing !== undefined && !isRepeat(existing, version)) {
          throw new AwsError('ResourceExistsException', `The secret ${name} already exists.`);
        }
        // The six characters keep an ARN from matching a secret of the same name made later.
        const arn = existing?.arn ?? `${options.arnPrefix}:secret:${name}-${randomBytes(3).toString('hex')}`;
        if (existing === undefined) {
          store.save({ name, arn, createdAtSeconds: version.createdAtSeconds, versions: [version] });
        }
        return { ARN: arn, Name: name, VersionId: version.id };
      },
      PutSecretValue(input) {
        read.only('PutSecretValue', input, ['SecretId', 'SecretString', 'ClientRequestToken']);
        const secret = find(input);
        const version = newVersion(input);
        if (!isRepeat(secret, version)) {
          store.save({ ...secret, versions: [version, ...secret.versions.slice(0, STAGES.length - 1)] });
        }
        return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: ['AWSCURRENT'] };
      },
      GetSecretValue(input) {
        read.only('GetSecretValue', input, ['SecretId', 'VersionId', 'VersionStage']);
        const secret = find(input);
        const { version, stage } = findVersion(secret, input);
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: version.id,
          SecretString: version.secretString,
          VersionStages: [stage],
          CreatedDate: version.createdAtSeconds,
        };
      },
      DescribeSecret(input) {
        read.only('DescribeSecret', input, ['SecretId']);
        const { arn, name, createdAtSeconds, versions } = find(input);
        const stages = versions.map(({ id }, index) => [id, [STAGES[index]]]);
        return {
          ARN: arn,
          Name: name,
          CreatedDate: createdAtSeconds,
          LastChangedDate: versions[0]?.createdAtSeconds,
          VersionIdsToStages: Object.fromEntries(stages),
        };
      },
    },
  });
}

/** The same request again (the SDK retries with the same token). With other content it is an error. */
function isRepeat(secret: Secret, version: SecretVersion): boolean {
  const same = secret.versions.find(({ id }) => id === version.id);
  if (same !== undefined && same.secretString !== version.secretString) {
    throw new AwsError('ResourceExistsException', 'A version with this token and other content exists.');
  }
  return same !== undefined;
}

function findVersion(secret: Secret, input: JsonObject): { version: SecretVersion; stage: string } {
  const wantedId = read.optionalText(input, 'VersionId');
  const wantedStage =
    read.optionalText(input, 'VersionStage') ?? (wantedId === undefined ? 'AWSCURRENT' : undefined);
  for (const [index, version] of secret.versions.entries()) {
    const stage = STAGES[index] ?? '';
    if ((wantedId ?? version.id) === version.id && (wantedStage ?? stage) === stage)
      return { version, stage };
  }
  throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret value.");
}
