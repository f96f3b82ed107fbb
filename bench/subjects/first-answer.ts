import { type CdpClient, connectCdp } from '../../tests/e2e/support/cdp.ts';

/** A client to whom Chrome has answered. */
export async function firstAnswer(url: string): Promise<CdpClient> {
  const cdp = await connectCdp(url);
  const { error } = await cdp.send('Browser.getVersion');
  if (error !== undefined) throw new Error(`Chrome did not answer: ${JSON.stringify(error)}`);
  return cdp;
}
