/** Where a policy document says what IAM does not know, or more than it has to. */

import { listOf, type PolicyDocument, type PolicyStatement } from './documents.ts';
import { NARROWED, UNNAMED_RESOURCES } from './exceptions.ts';
import { actionsOf, isConditionKey, isOfKind, type KnownAction } from './iam-reference.ts';

/** One sentence for each fault, with the document and where it stands. */
export async function grammarFaults({ name, at, statements }: PolicyDocument): Promise<string[]> {
  // Whom a role trusts is said of the role itself, and who may pull an image of its repository: ECR takes no resource there.
  const isOfItself = name.endsWith('assume_role_policy') || name.includes('aws_ecr_repository_policy.');
  const found = await Promise.all(
    statements.map(async (statement) => [
      ...(await statementFaults(statement)),
      ...(isOfItself ? [] : aboutFaults(statement)),
    ]),
  );
  return found.flat().map((fault) => `${name} (${at}): ${fault}`);
}

async function statementFaults(statement: PolicyStatement): Promise<string[]> {
  const { Effect, Action, NotAction } = statement;
  const isAllowed = Effect === 'Allow';
  const perAction = await Promise.all(
    listOf(Action).map(async (pattern) => {
      const known = await actionsOf(pattern);
      if (known.length === 0) return [`IAM knows no action ${pattern}`];
      const conditions = conditionFaults(pattern, known, statement);
      if (!isAllowed) return conditions;
      if (pattern.includes('*')) return [`${pattern} allows whatever AWS adds to it`];
      return [...conditions, ...known.flatMap((action) => resourceFaults(action, statement))];
    }),
  );
  return [
    ...(isAllowed && NotAction !== undefined ? ['it allows all that it does not name'] : []),
    ...(isAllowed && statement.NotResource !== undefined ? ['it allows on all that it does not name'] : []),
    ...perAction.flat(),
  ];
}

// All of a kind: `table/*`, `role/*`, `*`; in S3, every bucket.
const NAMES_NOTHING = /^arn:[^:]*:(?:s3:::\*|[^:]*:[^:]*:[^:]*:(?:[\w-]+[/:])?\*)/;

function aboutFaults({ Effect, Resource, NotResource }: PolicyStatement): string[] {
  const arns = listOf(Resource);
  if (arns.length === 0 && NotResource === undefined) return ['it is about nothing'];
  if (Effect !== 'Allow') return [];
  return arns
    .filter((arn) => !arn.startsWith('arn:aws:s3:::') || arn.startsWith('arn:aws:s3:::*'))
    .filter((arn) => NAMES_NOTHING.test(arn))
    .map((arn) => `${arn} names nothing`);
}

function resourceFaults({ name, resources }: KnownAction, { Resource }: PolicyStatement): string[] {
  return listOf(Resource).flatMap((arn) => {
    if (arn === '*')
      return resources.length === 0 || name in UNNAMED_RESOURCES ? [] : [`${name} can be held to a resource`];
    if (resources.length === 0) return name in NARROWED ? [] : [`${name} is allowed on * or not at all`];
    return resources.some((template) => isOfKind(arn, template))
      ? []
      : [`${name} cannot be allowed on ${arn}; it can on ${resources.join(', ')}`];
  });
}

/** A condition on a key that an action has not never holds, or always does. */
function conditionFaults(
  pattern: string,
  known: readonly KnownAction[],
  { Condition = {} }: PolicyStatement,
): string[] {
  const keys = Object.values(Condition).flatMap(Object.keys);
  return keys
    .filter((key) => !known.some(({ conditionKeys }) => isConditionKey(key, conditionKeys)))
    .map((key) => `${pattern} has no condition key ${key}`);
}
