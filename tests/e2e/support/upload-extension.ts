import * as assert from 'uvu/assert';
import type { Wallcrawler } from './wallcrawler.ts';

export interface StartedUpload {
  readonly id: string;
  readonly uploadUrl: string;
  readonly expiresAt: string;
}

export const startUpload = (
  wallcrawler: Wallcrawler,
  sizeBytes: number,
  apiKey?: string,
): Promise<Response> =>
  wallcrawler.call('/v1/extensions/uploads', {
    method: 'POST',
    body: JSON.stringify({ sizeBytes }),
    ...(apiKey === undefined ? {} : { apiKey }),
  });

export const finishUpload = (
  wallcrawler: Wallcrawler,
  id: string,
  fileName = 'large.zip',
  apiKey?: string,
): Promise<Response> =>
  wallcrawler.call(`/v1/extensions/uploads/${id}`, {
    method: 'POST',
    body: JSON.stringify({ fileName }),
    ...(apiKey === undefined ? {} : { apiKey }),
  });

/** The way of a large extension, all of it. */
export async function uploadExtension(wallcrawler: Wallcrawler, zip: Buffer, fileName: string) {
  const { id, uploadUrl } = (await (await startUpload(wallcrawler, zip.length)).json()) as StartedUpload;
  const put = await fetch(uploadUrl, { method: 'PUT', body: new Uint8Array(zip) });
  assert.is(put.status, 200, await put.text());
  const finished = await finishUpload(wallcrawler, id, fileName);
  assert.is(finished.status, 200);
  return (await finished.json()) as { readonly id: string; readonly fileName: string };
}
