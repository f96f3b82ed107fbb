import type { JsonObject } from '../wire/json-service.ts';
import type { AccessRequest } from './decide.ts';
import type { ArnOf } from './requests.ts';

/** What a transaction may hold, and the action that each needs: a transaction has none of its own. */
const TRANSACTION_ACTIONS: Readonly<Record<string, string>> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Get: 'dynamodb:GetItem',
};

/** A call is about its table, a batch about several, a query of an index about that index alone. */
export function dynamodbRequests(operation: string, input: JsonObject, arnOf: ArnOf): AccessRequest[] {
  const tableArn = (name: unknown): string => arnOf('dynamodb', `table/${name}`);
  if (input.TransactItems !== undefined) {
    const items = input.TransactItems as readonly Readonly<
      Record<string, { readonly TableName?: unknown }>
    >[];
    return items.flatMap(Object.entries).map(([kind, write]) => ({
      action: TRANSACTION_ACTIONS[kind] ?? `dynamodb:${kind}`,
      resource: tableArn(write?.TableName),
    }));
  }
  const action = `dynamodb:${operation}`;
  if (input.RequestItems !== undefined) {
    return Object.keys(input.RequestItems as object).map((name) => ({ action, resource: tableArn(name) }));
  }
  const index = input.IndexName === undefined ? '' : `/index/${input.IndexName}`;
  return [{ action, resource: `${tableArn(input.TableName)}${index}` }];
}
