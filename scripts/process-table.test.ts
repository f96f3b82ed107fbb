import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
// @ts-expect-error plain JavaScript without types
import { ancestorsOf, readCommandLine, readEnvironment, readProcessTable } from './process-table.mjs';

const table = suite('the table of processes');

table('has this process with its parent, and those above it', () => {
  const processes = readProcessTable();
  assert.is(processes.get(process.pid)?.parentPid, process.ppid);
  const above = ancestorsOf(process.pid, processes);
  assert.ok(above.has(process.pid) && above.has(process.ppid));
});

table('reads a process whatever its command is called, with what it was started with', async () => {
  const child = spawn('/bin/sh', ['-c', 'echo ready; read line', ') R 1 (x'], {
    argv0: ') Z 1 (',
    env: { MARK: 'of this test' },
  });
  try {
    await once(child.stdout, 'data');
    const found = readProcessTable().get(child.pid);
    assert.is(found?.parentPid, process.pid);
    assert.match(found.begun, /^\d+$/);
    assert.match(readCommandLine(found), ') R 1 (x');
    assert.is(readEnvironment(found).includes('MARK=of this test\0'), true);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  assert.is(readProcessTable().has(child.pid), false);
  assert.is(readCommandLine({ pid: child.pid }), '', 'one that has gone has no command line');
});

table('does not go round in a circle, nor above what it knows', () => {
  const processes = new Map([
    [5, { pid: 5, parentPid: 6 }],
    [6, { pid: 6, parentPid: 5 }],
    [7, { pid: 7, parentPid: 99 }],
  ]);
  assert.equal([...ancestorsOf(5, processes)], [5, 6]);
  assert.equal([...ancestorsOf(7, processes)], [7, 99]);
  assert.equal([...ancestorsOf(0, processes)], []);
});

table.run();
