const NEVER = '00000000-0000-4000-8000-000000000000';

/** What the contract asks of a body, where it asks something. */
export const BODIES: Readonly<Record<string, object>> = {
  updateSession: { status: 'REQUEST_RELEASE' },
  finishExtensionUpload: { fileName: 'e.zip' },
  updateWebhook: { enabled: true },
  reportWarmReady: { publicKey: 'k', sandbox: 'on' },
  reportReady: { sandbox: 'on' },
  reportHeartbeat: { connectionCount: 0 },
  reportEvents: { events: [{ number: 1, type: 'page.opened', at: '2026-01-01T00:00:00.000Z', data: {} }] },
  reportEnded: { reason: 'released' },
  reportDownload: { id: NEVER, filename: 'f', sizeBytes: 1, sha256: '0'.repeat(64), finishedAtMs: 1 },
  signArtifactUrls: { artifacts: [{ kind: 'log', sequence: 0 }] },
  signProfileUrl: { operation: 'restore' },
};
