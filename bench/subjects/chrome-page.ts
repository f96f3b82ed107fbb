import { type CdpClient, connectCdp } from '../../tests/e2e/support/cdp.ts';

/** A client on the first page of a Chrome. */
export interface ChromePage {
  readonly cdp: CdpClient;
  evaluate(expression: string): Promise<unknown>;
}

export async function openChromePage(url: string): Promise<ChromePage> {
  const cdp = await connectCdp(url);
  const { result: targets } = await cdp.send('Target.getTargets');
  const page = (targets as { targetInfos: { type: string; targetId: string }[] }).targetInfos.find(
    ({ type }) => type === 'page',
  );
  const { result } = await cdp.send('Target.attachToTarget', { targetId: page?.targetId, flatten: true });
  const { sessionId } = result as { sessionId: string };
  let end: string | undefined;
  void cdp.closed.then(({ code, reason }) => {
    end = `its socket was closed with ${code} ${reason}`;
  });
  return {
    cdp,
    async evaluate(expression) {
      if (end !== undefined) throw new Error(`Chrome does not evaluate: ${end}`);
      const answer = await cdp.send('Runtime.evaluate', { expression, returnByValue: true }, sessionId);
      if (answer.error !== undefined)
        throw new Error(`Chrome did not evaluate: ${JSON.stringify(answer.error)}`);
      return (answer.result as { result: { value: unknown } }).result.value;
    },
  };
}
