/** One item of the contexts table: a Chrome profile that outlives its sessions. */
export interface Context {
  readonly contextId: string;
  readonly projectId: string;
  readonly name?: string;
  readonly status: 'EMPTY' | 'SAVED';
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Size of the archive that a session saved last; unknown after an upload. */
  readonly sizeBytes?: number;
  readonly lastSessionId?: string;
}

export interface ContextView {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly projectId: string;
  readonly name?: string;
}

/** The answer to create and update: where to PUT a profile. */
export interface ContextUploadView {
  readonly id: string;
  readonly uploadUrl: string;
  readonly publicKey: string;
  readonly cipherAlgorithm: 'AES-256-CBC';
  readonly initializationVectorSize: number;
}

/** The object key of a context's archive. Both ids are ours, never a client's text. */
export const profileKeyOf = (context: Pick<Context, 'projectId' | 'contextId'>): string =>
  `${context.projectId}/${context.contextId}/profile.tar.gz`;

export const toContextView = (context: Context): ContextView => ({
  id: context.contextId,
  createdAt: context.createdAt,
  updatedAt: context.updatedAt,
  projectId: context.projectId,
  ...(context.name === undefined ? {} : { name: context.name }),
});

/** The encryption fields are required by the contract and empty here: TLS and the bucket's own encryption do that work. */
export const toContextUploadView = (contextId: string, uploadUrl: string): ContextUploadView => ({
  id: contextId,
  uploadUrl,
  publicKey: '',
  cipherAlgorithm: 'AES-256-CBC',
  initializationVectorSize: 16,
});
