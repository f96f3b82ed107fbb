/** docs/events.md and the contract, held against the one list of events. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CATEGORY_LIMITS } from '../../controller/events/limits.ts';
import { EVENTS_OF_FUNCTIONS } from '../../core/domain/functions-events.ts';
import {
  EVENT_LIMITS,
  EVENT_SCHEMA_VERSION,
  EVENT_TYPES,
  type EventType,
  type SessionEvent,
} from '../../core/domain/session-event.ts';
import { toEventDetail, toEventView } from '../../core/domain/session-event-view.ts';
import { fencedBlocks, tableRows } from './support/markdown.ts';

const PAGE = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'events.md'), 'utf8');
const event: SessionEvent = {
  sessionId: 's',
  projectId: 'p',
  sequence: 1,
  at: 't',
  category: 'client',
  type: 'client.connected',
  data: { clients: 1 },
};

const pages = suite('docs/events.md');

pages('has every type with its category and its fields, and no other', () => {
  const written = tableRows(PAGE)
    .filter(([type = '']) => type.startsWith('`'))
    .map(([type = '', category = '', data = '']) =>
      [type, category, data].map((cell) => cell.replaceAll('`', '')),
    );
  const wanted = Object.entries(EVENT_TYPES).map(([type, { category, data }]) => {
    const fields = Object.entries(data).map(([name, field]) => ('isOptional' in field ? `${name}?` : name));
    return [type, category, fields.join(', ')];
  });
  assert.equal(written, wanted);
});

pages('shows events as they are: on the API, and on the bus', () => {
  const [listed, detail, pattern] = fencedBlocks(PAGE, 'json').map((text) => JSON.parse(text));
  assert.equal(Object.keys(listed[0]), Object.keys(toEventView(event)));
  assert.equal(Object.keys(detail).toSorted(), Object.keys(toEventDetail(event)).toSorted());
  assert.is(detail.schemaVersion, EVENT_SCHEMA_VERSION);
  for (const { type, data } of [listed[0], detail] as { type: EventType; data: object }[]) {
    const unknown = Object.keys(data).filter((name) => !Object.hasOwn(EVENT_TYPES[type].data, name));
    assert.equal(unknown, []);
  }
  assert.ok(Object.hasOwn(EVENT_TYPES, pattern.detail.type[0]));
});

pages('says how many a session may have', () => {
  const { maxOfContainer } = EVENT_LIMITS;
  const words = `${maxOfContainer.toLocaleString('en')} events of a session, ${CATEGORY_LIMITS.page} of them of pages, ${CATEGORY_LIMITS.download} of downloads and ${CATEGORY_LIMITS.client} of clients`;
  assert.match(PAGE, words);
});

pages('are what a webhook can ask for, by type and by category', () => {
  const contract = JSON.parse(
    readFileSync(join(import.meta.dirname, '..', '..', 'functions', 'openapi.json'), 'utf8'),
  );
  for (const name of ['CreateWebhookRequest', 'UpdateWebhookRequest']) {
    const { eventTypes, categories } = contract.components.schemas[name].properties;
    assert.equal(eventTypes.items.enum, [...Object.keys(EVENT_TYPES), ...EVENTS_OF_FUNCTIONS]);
    assert.is(eventTypes.maxItems, eventTypes.items.enum.length, 'all of them may be asked for');
    const known = new Set(Object.values(EVENT_TYPES).map(({ category }) => category));
    assert.equal(categories.items.enum.toSorted(), [...known].toSorted());
    assert.is(categories.maxItems, known.size);
  }
});

pages.run();
