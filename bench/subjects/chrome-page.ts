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
  return {
    cdp,
    async evaluate(expression) {
      const answer = await cdp.send('Runtime.evaluate', { expression, returnByValue: true }, sessionId);
      if (answer.error !== undefined)
        throw new Error(`Chrome did not evaluate: ${JSON.stringify(answer.error)}`);
      return (answer.result as { result: { value: unknown } }).result.value;
    },
  };
}
