/** Somebody who has a session like any customer, and uses all that a client may to look around. */
import { setTimeout as wait } from 'node:timers/promises';
import { type CdpClient, connectCdp } from '../../e2e/support/cdp.ts';

export interface Intruder {
  readonly cdp: CdpClient;
  /** Of CDP, on its page. */
  readonly page: string;
  readonly targetId: string;
  /** What a page shows of an address: its text, or why it shows none. */
  look(url: string): Promise<string>;
  /** What a script on the page where it is comes to; a promise is awaited. */
  run(expression: string): Promise<unknown>;
}

interface Evaluated {
  readonly result?: { readonly value?: unknown; readonly description?: string };
  readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
}

const LOADED_MS = 1_000;

export async function intrude(connectUrl: string): Promise<Intruder> {
  const cdp = await connectCdp(connectUrl);
  const { targetId, sessionId: page } = await cdp.openPage();
  await cdp.send('Page.enable', {}, page);
  const run: Intruder['run'] = async (expression) => {
    const answer = await cdp.send(
      'Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true },
      page,
    );
    const { result, exceptionDetails } = (answer.result ?? {}) as Evaluated;
    if (exceptionDetails !== undefined) return `failed: ${exceptionDetails.exception?.description}`;
    return result?.value ?? JSON.stringify(answer);
  };
  return {
    cdp,
    page,
    targetId,
    run,
    async look(url) {
      const { result, error } = (await cdp.send('Page.navigate', { url }, page)) as {
        result?: { errorText?: string };
        error?: { message: string };
      };
      if (error !== undefined) return `refused: ${error.message}`;
      if (result?.errorText !== undefined) return `failed: ${result.errorText}`;
      // What never is all there is looked at as it is.
      const deadline = Date.now() + LOADED_MS;
      while ((await run('document.readyState')) !== 'complete' && Date.now() < deadline) await wait(20);
      return String(await run('document.documentElement.innerText + document.documentElement.innerHTML'));
    },
  };
}
