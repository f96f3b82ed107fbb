/**
 * Asks ECS, by the address that each container has for it, whether it wants this task to stop: https://docs.aws.amazon.com/
 * AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate-response.html. It takes no right.
 */
export function createDesiredStatus(metadataUri: string, timeoutMs: number): () => Promise<boolean> {
  return async () => {
    const response = await fetch(`${metadataUri}/task`, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new Error(`The task's metadata are answered with ${response.status}`);
    const task = (await response.json()) as { readonly DesiredStatus?: unknown };
    return task.DesiredStatus === 'STOPPED';
  };
}
