import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toSessionView } from '../../core/domain/session-view.ts';
import { newFullSession, newSession } from '../../core/testing/new-session.ts';
import document from '../openapi.json' with { type: 'json' };

const { properties, required } = document.components.schemas.Session;

const full = newFullSession();

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
