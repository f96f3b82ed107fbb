import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pageAddressOf } from './page-address.ts';
import {
  cutEventData,
  EVENT_CATEGORIES,
  EVENT_LIMITS,
  EVENT_TYPES,
  faultOfContainerEvent,
} from './session-event.ts';

const schemas = JSON.parse(readFileSync(new URL('../../functions/openapi.json', import.meta.url), 'utf8'))
  .components.schemas;

const events = suite('session events');

events('are named by their category, or by what it happens to', () => {
  for (const [type, { category }] of Object.entries(EVENT_TYPES)) {
    assert.match(type, /^[a-z]+\.[a-z_]+$/);
    assert.ok(EVENT_CATEGORIES.includes(category), type);
  }
});

events('are bounded as the contract says', () => {
  const { maxItems } = schemas.ReportEventsRequest.properties.events;
  const { maximum } = schemas.ReportedEvent.properties.number;
  assert.equal(
    [maxItems, maximum, schemas.SessionEvent.properties.category.enum],
    [EVENT_LIMITS.maxBatch, EVENT_LIMITS.maxOfContainer + EVENT_LIMITS.maxReserved, [...EVENT_CATEGORIES]],
  );
});

for (const [what, type, data, fault] of [
  ['a type that the platform tells itself', 'session.ended', {}, /^type /],
  ['a type that there is not', 'constructor', {}, /^type /],
  ['a field too many', 'client.connected', { clients: 1, secret: 'x' }, /^data must have no field/],
  ['an inherited name', 'client.connected', { clients: 1, toString: 'x' }, /^data must have no field/],
  ['a field that is missing', 'client.connected', {}, /^data\/clients must be a number/],
  ['a field of another kind', 'client.connected', { clients: '1' }, /^data\/clients must be a number/],
  ['no number', 'client.connected', { clients: Number.NaN }, /^data\/clients/],
  ['a text that is too long', 'browser.crashed', { detail: 'x'.repeat(1001) }, /^data\/detail/],
  ['an object for a text', 'browser.crashed', { detail: {} }, /^data\/detail/],
] as const) {
  events(`take no ${what} from a container`, () => {
    assert.match(faultOfContainerEvent({ type, data }) ?? 'none', fault);
  });
}

events('may leave out what is optional', () => {
  const data = { filename: 'a', reason: 'r' };
  assert.is(faultOfContainerEvent({ type: 'download.failed', data }), undefined);
});

events('are cut to what they may have, and stay text', () => {
  const { detail } = cutEventData('browser.crashed', { detail: `${'x'.repeat(999)}😀` });
  assert.is(detail, `${'x'.repeat(999)}\ufffd`);
  assert.is(faultOfContainerEvent({ type: 'browser.crashed', data: { detail } }), undefined);
});

for (const [url, address] of [
  ['https://u:p@a.example:8443/b/c?token=s#f', 'https://a.example:8443/b/c'],
  ['http://a.example', 'http://a.example/'],
  ['about:blank#secret', 'about:blank'],
  ['data:text/html,secret', 'data:'],
  ['blob:https://a.example/secret', 'blob:'],
  ['file:///tmp/secret', 'file:'],
  ['javascript:secret', 'javascript:'],
  ['chrome-extension://abc/popup.html?secret', 'chrome-extension://abc/popup.html'],
  ['no address', ''],
] as const) {
  events(`have ${address === '' ? 'nothing' : address} of ${url}`, () => {
    assert.is(pageAddressOf(url), address);
  });
}

events.run();
