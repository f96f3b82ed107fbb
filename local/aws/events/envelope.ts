export interface Account {
  readonly region: string;
  readonly accountId: string;
}

/** What a rule is matched on and what its target gets besides the envelope. */
export interface BusEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources?: readonly string[];
  readonly time?: Date;
}

/** An event as targets get it. */
export const toEnvelope = (
  { source, detailType, detail, resources = [], time }: BusEvent,
  { id, account, now }: { readonly id: string; readonly account: Account; readonly now: () => Date },
) => ({
  version: '0',
  id,
  'detail-type': detailType,
  source,
  account: account.accountId,
  // EventBridge writes whole seconds.
  time: (time ?? now()).toISOString().replace(/\.\d{3}Z$/, 'Z'),
  region: account.region,
  resources,
  detail,
});
