import { AppError } from '../../core/domain/errors.ts';
import { ExtensionRefusedError } from '../../core/extension-zip/extension-refused.ts';
import { type ExtensionZip, readExtensionZip } from '../../core/extension-zip/read-extension-zip.ts';

/** Refuses a zip that no browser here could load. `what` is what its sender knows it by. */
export async function requireUsableZip(zip: ExtensionZip, what: string): Promise<void> {
  try {
    await readExtensionZip(zip);
  } catch (error) {
    if (!(error instanceof ExtensionRefusedError)) throw error;
    throw new AppError('BAD_REQUEST', [`${what} must be the zip of an extension: ${error.message}`]);
  }
}
