// A machine of its own for a test to kill: starts a task, says what runs, and waits to be killed.
import { ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs';
import { awaitCondition } from './await-condition.ts';
import { runTaskInput, startTestAws } from './start-test-aws.ts';

const aws = await startTestAws(process.argv[2] ?? '');
const { tasks } = await new ECSClient(aws.client).send(new RunTaskCommand(runTaskInput('orphan')));
const [event] = await awaitCondition(
  () => aws.taskEvents('RUNNING').length > 0 && aws.taskEvents('RUNNING'),
  'RUNNING',
);
const [{ bindIP, hostPort }] = event.detail.containers[0].networkBindings;
const url = `http://${bindIP}:${hostPort}`;
const answer = await awaitCondition(() => fetch(url).catch(() => false as const), 'the controller listens');
const { pid, browserPid } = (await answer.json()) as { pid: number; browserPid: number };
process.stdout.write(`${JSON.stringify({ taskArn: tasks?.[0]?.taskArn, pids: [pid, browserPid] })}\n`);
setInterval(() => {}, 60_000);
