import { readJsonFile, writeFileAtomic } from '../../data/atomic-file.ts';

export interface SecretVersion {
  readonly id: string;
  readonly secretString: string;
  readonly createdAtSeconds: number;
}

/** A secret with the two versions that have a stage: AWSCURRENT first, then AWSPREVIOUS. */
export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAtSeconds: number;
  readonly versions: readonly SecretVersion[];
}

export interface SecretsStore {
  /** By name or ARN. */
  find(id: string): Secret | undefined;
  save(secret: Secret): void;
}

/** All secrets in one file that only its owner can read, replaced as a whole. */
export function createSecretsStore(file: string): SecretsStore {
  const secrets = new Map(
    (readJsonFile(file) as Secret[] | undefined)?.map((secret) => [secret.name, secret]),
  );
  return {
    find: (id) => secrets.get(id) ?? [...secrets.values()].find(({ arn }) => arn === id),
    save(secret) {
      secrets.set(secret.name, secret);
      writeFileAtomic(file, JSON.stringify([...secrets.values()]));
    },
  };
}
