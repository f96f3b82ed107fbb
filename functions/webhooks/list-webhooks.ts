import { AppError } from '../../core/domain/errors.ts';
import { MAX_WEBHOOKS_OF_A_PROJECT, toWebhookView, type Webhook } from '../../core/domain/webhook.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

export interface ListWebhooksDeps {
  readonly listWebhooks: (projectId: string) => Promise<readonly Webhook[]>;
}

export interface ListWebhooksQuery {
  readonly cursor?: string;
  readonly limit?: number;
}

/** GET /v1/webhooks: a page of them, the newest first. A cursor stays good when the webhook that it is of is deleted. */
export const listWebhooks =
  (deps: ListWebhooksDeps) =>
  async ({ access, query }: ApiRequest<unknown, ListWebhooksQuery>): Promise<ApiResponse> => {
    const { cursor, limit = MAX_WEBHOOKS_OF_A_PROJECT } = query;
    const before = cursor === undefined ? undefined : readCursor(cursor);
    const webhooks = (await deps.listWebhooks(access.projectId)).toSorted(newestFirst);
    const rest = webhooks.filter((webhook) => before === undefined || placeOf(webhook) < before);
    const page = rest.slice(0, limit);
    const last = rest.length > page.length ? page.at(-1) : undefined;
    return ok({
      data: page.map(toWebhookView),
      limit,
      nextCursor: last === undefined ? null : toCursor(last),
    });
  };

type Placed = Pick<Webhook, 'createdAt' | 'webhookId'>;

/** Sorts as they were made; two of the same moment by their ids. */
const placeOf = ({ createdAt, webhookId }: Placed): string => `${createdAt} ${webhookId}`;
const newestFirst = (one: Placed, other: Placed): number => (placeOf(one) < placeOf(other) ? 1 : -1);

const toCursor = (webhook: Placed): string => Buffer.from(placeOf(webhook)).toString('base64url');

function readCursor(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString();
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+Z \S+$/.test(place))
    throw new AppError('BAD_REQUEST', ['querystring/cursor must be the nextCursor of another page']);
  return place;
}
