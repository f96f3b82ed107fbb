import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { roomFor } from './warm-room.ts';

const room = suite('room for warm containers');

room('is the quota less what sessions have', () => {
  const sizes = { vcpuQuota: 6, warmCpuUnits: 1_024 };
  assert.is(roomFor({ ...sizes, inUse: [] }), 6);
  assert.is(roomFor({ ...sizes, inUse: [{ cpuUnits: 1_024 }, { cpuUnits: 512 }] }), 4);
  assert.is(roomFor({ ...sizes, inUse: [{ cpuUnits: 16_384 }] }), 0);
});

room('is counted in warm containers of the size that they have', () => {
  assert.is(roomFor({ vcpuQuota: 6, warmCpuUnits: 4_096, inUse: [] }), 1);
  assert.is(roomFor({ vcpuQuota: 6, warmCpuUnits: 512, inUse: [{ cpuUnits: 2_048 }] }), 8);
});

room('takes a session of unknown size for one of the standard size', () => {
  assert.is(roomFor({ vcpuQuota: 6, warmCpuUnits: 2_048, inUse: [{}, {}] }), 1);
});

room.run();
