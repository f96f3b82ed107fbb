import { readJsonFile, writeFileAtomic } from '../../data/atomic-file.ts';

export interface SecretVersion {
  readonly id: string;
  readonly secretString: string;
  readonly createdAtSeconds: number;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  /** The current one comes first. Earlier releases kept the one before it as well. */
  readonly versions: readonly [SecretVersion, ...SecretVersion[]];
}

export interface SecretsStore {
  find(name: string): Secret | undefined;
  save(secret: Secret): void;
}

/** All secrets in one file that only its owner can read, replaced as a whole. */
export function createSecretsStore(file: string): SecretsStore {
  const stored = (readJsonFile(file) ?? []) as readonly Secret[];
  const secrets = new Map(stored.map((secret) => [secret.name, secret]));
  return {
    find: (name) => secrets.get(name),
    save(secret) {
      secrets.set(secret.name, secret);
      writeFileAtomic(file, JSON.stringify([...secrets.values()]));
    },
  };
}
