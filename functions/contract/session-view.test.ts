import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Session } from '../../core/domain/session.ts';
import { toSessionView } from '../../core/domain/session-view.ts';
import { newSession } from '../../core/testing/new-session.ts';
import document from '../openapi.json' with { type: 'json' };

const { properties, required } = document.components.schemas.Session;

/** A session of which everything is known. */
const full: Session = newSession({
  status: 'STOPPED',
  startedAt: '2026-06-01T00:00:10.000Z',
  endedAt: '2026-06-01T00:05:00.000Z',
  purgeAt: 1,
  endReason: 'released',
  endDetail: 'd',
  contextId: 'c',
  persistContext: true,
  userMetadata: '{}',
  taskArn: 'arn:task',
  address: { host: '10.0.0.5', port: 9223 },
  containerReadyAt: 't',
  lastHeartbeatAt: 't',
  connectionCount: 2,
  browserMinutes: 5,
});

const view = suite('a session as the API shows it');

view('has exactly what the contract has', () => {
  assert.equal(Object.keys(toSessionView(full)).sort(), Object.keys(properties).sort());
});

view('has all that the contract asks for, when it was just admitted', () => {
  const shown = toSessionView(newSession());
  for (const name of required) assert.ok(name in shown, name);
  assert.not(Object.values(shown).includes(undefined), 'and nothing without a value');
});

view.run();
