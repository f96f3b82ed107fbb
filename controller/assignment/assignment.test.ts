import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULT_VIEWPORT } from '../../core/domain/container-settings.ts';
import { type Assignment, assignedAtStart } from './assignment.ts';

const assignments = suite('the session of a container that was started for it');

const ASSIGNMENT: Assignment = {
  sessionId: 's-1',
  projectId: 'p-1',
  token: 'token',
  settings: {
    expiresAt: '2026-06-01T12:00:00.000Z',
    keepAlive: false,
    context: null,
    extensionId: null,
    certificateIds: [],
    hasProxies: false,
    viewport: DEFAULT_VIEWPORT,
    ignoreCertificateErrors: false,
    blockAds: false,
    allowedDomains: [],
    logSession: false,
    recordSession: false,
    idleTimeoutMs: null,
    connectDeadlineMs: null,
    origin: null,
  },
};

assignments('is there at once, as it was given', async () => {
  const winner = await Promise.race([assignedAtStart(ASSIGNMENT).next(), new Promise(setImmediate)]);
  assert.is(winner, ASSIGNMENT);
});

assignments.run();
