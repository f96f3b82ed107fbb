import type { Webhook } from '../../domain/webhook.ts';
import type { Table } from '../dynamodb/document-client.ts';
import type { OwnedItems } from '../owned-items/owned-items.ts';

export const webhooksIn = (table: Table): OwnedItems<Webhook> => ({ table, key: 'webhookId' });
