import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { locateDirectly, locatePrivately } from './locate-task.ts';
import type { TaskStateChange } from './task-event.ts';

/** As ECS reports a Fargate task: the private address, and nothing of the public one. */
const running: TaskStateChange = {
  detail: {
    taskArn: 'arn:task',
    lastStatus: 'RUNNING',
    attachments: [
      {
        type: 'eni',
        details: [
          { name: 'networkInterfaceId', value: 'eni-1' },
          { name: 'privateIPv4Address', value: '10.0.1.7' },
        ],
      },
    ],
  },
};

const locate = suite('the address of a task');

locate('is its private one for a router', async () => {
  assert.equal(await locatePrivately(running), { host: '10.0.1.7', port: 9223 });
});

locate('is its public one, by its network interface, when clients connect directly', async () => {
  const asked: string[] = [];
  const direct = locateDirectly(async (interfaceId) => {
    asked.push(interfaceId);
    return '203.0.113.7';
  });
  assert.equal(await direct(running), { host: '203.0.113.7', port: 9223 });
  assert.equal(asked, ['eni-1']);
});

locate('is not guessed: without an interface there is none, and a failed question is a failure', async () => {
  const direct = locateDirectly(async () => {
    throw new Error('no public address');
  });
  assert.is(await direct({ detail: { taskArn: 'arn:task', lastStatus: 'RUNNING' } }), undefined);
  try {
    await direct(running);
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'no public address');
  }
});

locate.run();
