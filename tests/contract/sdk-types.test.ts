import type { Browserbase } from '@browserbasehq/sdk';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ContextUploadView, ContextView } from '../../core/domain/context.ts';
import {
  type ProjectUsageView,
  type ProjectView,
  toProjectView,
  toUsageView,
} from '../../core/domain/project.ts';
import { PUBLIC_STATUSES, REGIONS, type Session } from '../../core/domain/session.ts';
import { type CreatedSessionView, type SessionView, toSessionView } from '../../core/domain/session-view.ts';
import type { CreateSessionBody } from '../../functions/sessions/create-session-request.ts';
import type { LiveUrlsView } from '../../functions/sessions/live-urls.ts';
import { contract } from '../e2e/support/checked-fetch.ts';

/**
 * The type-checker is the first half of this test: each line fails to compile when what we answer would not be what
 * the SDK's types promise, or when the SDK may send what we do not take.
 */
type Answers<Ours extends Theirs, Theirs> = [Ours, Theirs];
type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T;
type Sent = Pick<
  Browserbase.SessionCreateParams,
  'projectId' | 'extensionId' | 'keepAlive' | 'region' | 'userMetadata'
>;

export type Checked = [
  Answers<Mutable<SessionView>, Browserbase.Session>,
  Answers<Mutable<CreatedSessionView>, Browserbase.Sessions.SessionCreateResponse>,
  Answers<Mutable<SessionView>, Browserbase.Sessions.SessionRetrieveResponse>,
  Answers<Mutable<LiveUrlsView>, Browserbase.Sessions.SessionLiveURLs>,
  Answers<Mutable<ContextView>, Browserbase.Context>,
  Answers<Mutable<ContextUploadView>, Browserbase.ContextCreateResponse>,
  Answers<Mutable<ContextUploadView>, Browserbase.ContextUpdateResponse>,
  Answers<Mutable<ProjectView>, Browserbase.Project>,
  Answers<Mutable<ProjectUsageView>, Browserbase.ProjectUsage>,
  Answers<Sent, Partial<Record<keyof CreateSessionBody, unknown>>>,
];

const propertiesOf = (name: string): string[] =>
  Object.keys((contract.components.schemas[name] as { properties: object }).properties).sort();

const types = suite('the SDK and the contract');

types('the schema of a session has the fields that a session is shown with', () => {
  const session: Required<Session> = {
    sessionId: 's',
    projectId: 'p',
    status: 'STOPPED',
    createdAt: 't',
    updatedAt: 't',
    startedAt: 't',
    endedAt: 't',
    expiresAt: 't',
    purgeAt: 1,
    endReason: 'released',
    endDetail: '',
    keepAlive: false,
    region: 'us-west-2',
    timeoutSeconds: 60,
    contextId: 'c',
    persistContext: true,
    extensionId: 'e',
    sealedProxies: 'sealed',
    certificateIds: ['c'],
    recordSession: true,
    userMetadata: '{}',
    taskSize: 'large',
    attemptId: 'r',
    attemptAt: 't',
    requestId: 'r',
    traceparent: '00-a-b-01',
    patienceMs: 1,
    callerLeftAt: 't',
    answeredAt: 't',
    connectDeadlineMs: 1,
    bodyHash: 'h',
    callerHash: 'h',
    shard: '0',
    tokenKeyId: 'k',
    taskArn: 'arn',
    warmId: 'w01-4d6f0c1e-2b7a-4c58-9c3d-0a1b2c3d4e5f',
    address: { host: 'h', port: 1 },
    containerReadyAt: 't',
    lastHeartbeatAt: 't',
    connectionCount: 0,
    proxyBytes: 0,
    browserMinutes: 1,
  };
  assert.equal(Object.keys(toSessionView(session)).sort(), propertiesOf('Session'));
});

types('the schemas of projects and usage have the fields that are shown', () => {
  const project = {
    projectId: 'p',
    name: 'n',
    ownerId: 'o',
    createdAt: 't',
    updatedAt: 't',
    defaultTimeoutSeconds: 60,
    concurrency: 1,
    running: 0,
    browserMinutes: 0,
    proxyBytes: 0,
  };
  assert.equal(Object.keys(toProjectView(project)).sort(), propertiesOf('Project'));
  assert.equal(Object.keys(toUsageView(project)).sort(), propertiesOf('ProjectUsage'));
});

types('the enumerations are those of the domain', () => {
  const schema = contract.components.schemas.Session as {
    properties: { status: { enum: string[] }; region: { enum: string[] } };
  };
  assert.equal(schema.properties.status.enum, [...PUBLIC_STATUSES]);
  assert.equal(schema.properties.region.enum, [...REGIONS]);
});

types.run();
