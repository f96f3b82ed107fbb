import type { DeployedFunctions, StartedTask } from '../../contract/support/deployed-functions.ts';

const LOOK_EVERY_MS = 20;

/** Containers that say that they are ready soon after they were started, as their tasks and they themselves tell it. */
export function reportContainers(functions: DeployedFunctions): { stop(): void } {
  let told = functions.tasks.length;
  const timer = setInterval(() => {
    for (; told < functions.tasks.length; told += 1) void beginReady(functions, functions.tasks[told]);
  }, LOOK_EVERY_MS);
  return { stop: () => clearInterval(timer) };
}

async function beginReady(functions: DeployedFunctions, task: StartedTask | undefined): Promise<void> {
  if (task === undefined) return;
  const { startedBy: id, token } = task;
  const networkBindings = [{ bindIP: '127.0.0.1', containerPort: 9223, hostPort: 1 }];
  const taskArn = 'arn:aws:ecs:us-west-2:0:task/t';
  const detail = { taskArn, lastStatus: 'RUNNING', startedBy: id, containers: [{ networkBindings }] };
  // What the fault of the test keeps from being told is told by nobody.
  await functions.invoke('task-processor', { detail }).catch(() => undefined);
  const headers = { authorization: `Bearer ${token}` };
  const route = '/internal/sessions/{id}/ready';
  await functions.send('report-ready', { method: 'POST', route, id, headers, body: { sandbox: 'on' } });
}
