/** One item of the extensions table; its zip is in the bucket for artifacts. */
export interface Extension {
  readonly extensionId: string;
  readonly projectId: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface ExtensionView {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly fileName: string;
  readonly projectId: string;
}

export const toExtensionView = (extension: Extension): ExtensionView => ({
  id: extension.extensionId,
  createdAt: extension.createdAt,
  updatedAt: extension.updatedAt,
  fileName: extension.fileName,
  projectId: extension.projectId,
});
