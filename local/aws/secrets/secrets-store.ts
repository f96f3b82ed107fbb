import { readJsonFile, writeFileAtomic } from '../../data/atomic-file.ts';

export interface SecretVersion {
  readonly id: string;
  readonly secretString: string;
  readonly createdAtSeconds: number;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly current: SecretVersion;
}

export interface SecretsStore {
  find(name: string): Secret | undefined;
  save(secret: Secret): void;
}

/** As the file has it: the current version comes first. Earlier releases kept the one before it as well. */
interface StoredSecret extends Omit<Secret, 'current'> {
  readonly versions: readonly [SecretVersion, ...SecretVersion[]];
}

/** All secrets in one file that only its owner can read, replaced as a whole. */
export function createSecretsStore(file: string): SecretsStore {
  const stored = (readJsonFile(file) ?? []) as readonly StoredSecret[];
  const secrets = new Map(stored.map(({ name, arn, versions: [current] }) => [name, { name, arn, current }]));
  return {
    find: (name) => secrets.get(name),
    save(secret) {
      secrets.set(secret.name, secret);
      const content = [...secrets.values()].map(({ name, arn, current }) => ({
        name,
        arn,
        versions: [current],
      }));
      writeFileAtomic(file, JSON.stringify(content));
    },
  };
}
