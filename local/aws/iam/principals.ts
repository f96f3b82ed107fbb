/** Who calls: functions and the router, each with a role and an access key of its own. */
import { createHash, createHmac } from 'node:crypto';
import type { PolicyStatement, RoleSpec } from '../../../terraform/reader/infrastructure.ts';
import type { AwsCredentials } from '../wire/verify-signature.ts';
import { requireKnown } from './decide.ts';

export interface Principal {
  /** The function, or `router`. */
  readonly name: string;
  readonly arn: string;
  readonly credentials: AwsCredentials;
  readonly statements: readonly PolicyStatement[];
}

/** Principals by name. Their keys come from the owner's, so that a presigned URL outlives a restart. */
export function createPrincipals(
  roles: Readonly<Record<string, RoleSpec>>,
  { owner, accountId }: { readonly owner: AwsCredentials; readonly accountId: string },
): ReadonlyMap<string, Principal> {
  return new Map(
    Object.entries(roles).map(([name, { role, statements }]) => {
      requireKnown({ role, statements });
      const arn = `arn:aws:sts::${accountId}:assumed-role/${role}/${name}`;
      return [name, { name, arn, credentials: credentialsFor(name, owner), statements }];
    }),
  );
}

function credentialsFor(name: string, owner: AwsCredentials): AwsCredentials {
  const id = createHash('sha256').update(`${owner.accessKeyId} ${name}`).digest('hex').slice(0, 16);
  return {
    accessKeyId: `AKIA${id.toUpperCase()}`,
    secretAccessKey: createHmac('sha256', owner.secretAccessKey).update(name).digest('base64url'),
  };
}
