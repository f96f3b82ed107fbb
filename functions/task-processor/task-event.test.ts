import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addressOf,
  describeStop,
  isSpotReclaim,
  networkInterfaceOf,
  type TaskStateChange,
} from './task-event.ts';

type Detail = TaskStateChange['detail'];

const change = (detail: Partial<Detail> = {}): TaskStateChange => ({
  detail: { taskArn: 'arn:task', lastStatus: 'RUNNING', startedBy: 's1', ...detail },
});
const eni = (...details: { name: string; value: string }[]): Partial<Detail> => ({
  attachments: [{ type: 'eni', details }],
});
const PRIVATE = { name: 'privateIPv4Address', value: '10.0.1.7' };
const INTERFACE = { name: 'networkInterfaceId', value: 'eni-1' };
const bound = (binding: { bindIP?: string; containerPort?: number; hostPort?: number }): Partial<Detail> => ({
  containers: [{ networkBindings: [binding] }],
});

const address = suite('addressOf');

const ADDRESSES: readonly (readonly [what: string, detail: Partial<Detail>, address: string | undefined])[] =
  [
    ['nothing', {}, undefined],
    ['empty lists', { containers: [], attachments: [] }, undefined],
    ['an attachment without details', { attachments: [{ type: 'eni' }] }, undefined],
    ['an interface without an address', eni(INTERFACE), undefined],
    ['the address of the interface', eni(INTERFACE, PRIVATE), '10.0.1.7:9223'],
    [
      'the address that the container reports',
      { containers: [{ networkInterfaces: [{ privateIpv4Address: '10.0.1.8' }] }] },
      '10.0.1.8:9223',
    ],
    [
      'a container whose interface has none yet',
      { containers: [{ networkInterfaces: [{}] }], ...eni(PRIVATE) },
      '10.0.1.7:9223',
    ],
    [
      'a port that the host maps',
      bound({ bindIP: '127.0.0.1', containerPort: 9223, hostPort: 20001 }),
      '127.0.0.1:20001',
    ],
    [
      'a port of something else',
      bound({ bindIP: '127.0.0.1', containerPort: 9222, hostPort: 20001 }),
      undefined,
    ],
    [
      'a mapping without a host',
      { ...bound({ containerPort: 9223, hostPort: 20001 }), ...eni(PRIVATE) },
      '10.0.1.7:9223',
    ],
    [
      'a mapping to port 0',
      { ...bound({ bindIP: '127.0.0.1', containerPort: 9223, hostPort: 0 }) },
      undefined,
    ],
    [
      'a mapping in the second container',
      { containers: [{}, { networkBindings: [{ bindIP: '1.2.3.4', containerPort: 9223, hostPort: 5 }] }] },
      '1.2.3.4:5',
    ],
    [
      'a mapping beside an interface',
      { ...bound({ bindIP: '127.0.0.1', containerPort: 9223, hostPort: 7 }), ...eni(PRIVATE) },
      '127.0.0.1:7',
    ],
  ];

for (const [what, detail, expected] of ADDRESSES) {
  address(`of an event that has ${what} is ${expected ?? 'not known'}`, () => {
    const found = addressOf(change(detail));
    assert.is(found === undefined ? undefined : `${found.host}:${found.port}`, expected);
  });
}

address.run();

// ---

const networkInterface = suite('networkInterfaceOf');

networkInterface('is the one that is attached, and none while there is none', () => {
  assert.is(networkInterfaceOf(change(eni(PRIVATE, INTERFACE))), 'eni-1');
  assert.is(networkInterfaceOf(change(eni(PRIVATE))), undefined);
  assert.is(networkInterfaceOf(change()), undefined);
});

networkInterface.run();

// ---

const stops = suite('describeStop');

for (const [detail, line] of [
  [{}, 'The task stopped'],
  [{ stoppedReason: 'Task stopped by user' }, 'Task stopped by user'],
  [{ containers: [{ name: 'controller', exitCode: 0 }] }, 'The task stopped; controller: exit code 0'],
  [{ containers: [{ exitCode: 1 }] }, 'The task stopped; container: exit code 1'],
  [{ containers: [{ name: 'controller' }] }, 'The task stopped; controller: did not exit by itself'],
  [
    { stoppedReason: 'No image', containers: [{ name: 'c', reason: 'CannotPullContainerError' }] },
    'No image; c: did not exit by itself (CannotPullContainerError)',
  ],
  [
    {
      stoppedReason: 'gone',
      containers: [
        { name: 'a', exitCode: 137, reason: '' },
        { name: 'b', exitCode: 0 },
      ],
    },
    'gone; a: exit code 137; b: exit code 0',
  ],
] as const) {
  stops(`is "${line}"`, () => {
    assert.is(describeStop(change(detail)), line);
  });
}

stops.run();

// ---

const reclaims = suite('isSpotReclaim');

reclaims('is what ECS calls so, by its code or by its sentence', () => {
  assert.ok(isSpotReclaim(change({ stopCode: 'SpotInterruption' })));
  assert.ok(
    isSpotReclaim(
      change({ stopCode: 'TerminationNotice', stoppedReason: 'Your Spot Task was interrupted.' }),
    ),
  );
});

reclaims('is no other stop', () => {
  for (const detail of [
    {},
    { stopCode: 'UserInitiated', stoppedReason: 'released' },
    { stopCode: 'TerminationNotice', stoppedReason: 'ECS is performing maintenance on the underlying host' },
    { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' },
  ])
    assert.not.ok(isSpotReclaim(change(detail)), JSON.stringify(detail));
});

reclaims.run();
