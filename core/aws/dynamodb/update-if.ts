import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Table } from './document-client.ts';

/** What must hold for an update to happen, and what it then sets. */
export interface ConditionalUpdate {
  readonly key: Readonly<Record<string, string>>;
  readonly set: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly oneOf?: Readonly<Record<string, readonly string[]>>;
  readonly present?: readonly string[];
  readonly absent?: readonly string[];
}

/** The item after the update, or, when the condition did not hold, as it is (undefined when there is none). */
export type UpdateOutcome<Item> =
  | { readonly applied: true; readonly item: Item }
  | { readonly applied: false; readonly item: Item | undefined };

/** One atomic update of one item that must exist. */
export async function updateIf<Item>(table: Table, update: ConditionalUpdate): Promise<UpdateOutcome<Item>> {
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: update.key,
        ...toExpressions(update),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { applied: true, item: Attributes as Item };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { applied: false, item: error.Item === undefined ? undefined : (unmarshall(error.Item) as Item) };
  }
}

export interface Expressions {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, unknown>;
}

/** Every name goes through a placeholder, because words such as `status` and `name` are reserved. */
export function toExpressions({
  key,
  set,
  remove = [],
  oneOf = {},
  present = [],
  absent = [],
}: ConditionalUpdate): Expressions {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const name = (field: string) => {
    names[`#${field}`] = field;
    return `#${field}`;
  };
  const bind = (label: string, value: unknown) => {
    values[`:${label}`] = value;
    return `:${label}`;
  };
  const assignments = Object.entries(set)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => `${name(field)} = ${bind(field, value)}`);
  const removals = remove.length === 0 ? [] : [`REMOVE ${remove.map(name).join(', ')}`];
  const conditions = [
    ...[...Object.keys(key), ...present].map((field) => `attribute_exists(${name(field)})`),
    ...absent.map((field) => `attribute_not_exists(${name(field)})`),
    ...Object.entries(oneOf).map(([field, allowed]) => {
      const list = allowed.map((value, index) => bind(`${field}Is${index}`, value));
      return `${name(field)} IN (${list.join(', ')})`;
    }),
  ];
  return {
    UpdateExpression: [
      ...(assignments.length === 0 ? [] : [`SET ${assignments.join(', ')}`]),
      ...removals,
    ].join(' '),
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}
