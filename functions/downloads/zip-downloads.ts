import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { downloadKeyOf } from '../../core/domain/artifact-key.ts';
import type { Download } from '../../core/domain/download.ts';

/**
 * A zip of them as it is read: each file is opened when its turn comes, and stored as it is, for most are packed already.
 * A file that cannot be read breaks the answer off: half of one must not be taken for a whole one.
 */
export function zipDownloads(
  downloads: readonly Download[],
  open: (key: string) => Promise<Readable>,
): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const fail = (error: unknown) => output.destroy(error as Error);
  zip.on('error', fail);
  for (const download of downloads) {
    const { filename, createdAt, sizeBytes: size } = download;
    const options = { mtime: new Date(createdAt), compress: false, size };
    zip.addReadStreamLazy(filename, options, (take) => {
      open(downloadKeyOf(download, download.downloadId)).then((content) => take(null, content), fail);
    });
  }
  zip.end();
  return output;
}
