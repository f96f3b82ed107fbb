import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MemorySigns, readOomKills } from './memory-signs.ts';

const { SIGKILL, SIGTRAP, SIGSEGV } = constants.signals;
// As Chromium 150 writes it.
const WORDS =
  '[20197:20197:1129/131336.355727:ERROR:third_party/blink/renderer/bindings/core/v8/v8_initializer.cc:943] V8 javascript OOM (CALL_AND_RETRY_LAST).';

function signsAt() {
  const state = { nowMs: 0, kills: 3 };
  const signs = new MemorySigns({ nowMs: () => state.nowMs, readKills: () => state.kills });
  return { signs, state };
}

const signsOfMemory = suite('a process of Chrome that dies');

signsOfMemory('was out of memory if it said so before, and is one process', () => {
  const { signs, state } = signsAt();
  assert.is(signs.explains(SIGTRAP), false);
  signs.noteLine(WORDS);
  state.nowMs = 100;
  assert.is(signs.explains(SIGSEGV), false, 'another kind of death');
  assert.is(signs.explains(SIGTRAP), true);
  state.nowMs = 150;
  assert.is(signs.explains(SIGTRAP), true, 'a worker of the same process');
  state.nowMs = 500;
  assert.is(signs.explains(SIGTRAP), false, 'the next one');
});

signsOfMemory('was not, if that was said long ago', () => {
  const { signs, state } = signsAt();
  signs.noteLine(WORDS);
  state.nowMs = 60_000;
  assert.is(signs.explains(SIGTRAP), false);
});

signsOfMemory('was out of memory if the kernel has counted a kill since', () => {
  const { signs, state } = signsAt();
  assert.is(signs.explains(SIGKILL), false, 'somebody else has killed it');
  state.kills = 5;
  assert.is(signs.explains(SIGKILL), true);
  state.nowMs = 500;
  assert.is(signs.explains(SIGKILL), true, 'two were counted');
  state.nowMs = 1_000;
  assert.is(signs.explains(SIGKILL), false);
});

signsOfMemory('is not excused by the words of a page', () => {
  const { signs } = signsAt();
  for (const line of ['V8 javascript OOM', `[1:1:1129/1.2:INFO:CONSOLE(1)] "${WORDS}"`]) signs.noteLine(line);
  assert.is(signs.explains(SIGTRAP), false);
});

signsOfMemory.run();

// ---

const counts = suite('the kernel’s count');

counts('is read of either kind of cgroup, and where there is none nothing is counted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wallcrawler-oom-'));
  const [second, first] = [join(folder, 'memory.events'), join(folder, 'memory.oom_control')];
  assert.is(readOomKills([second, first]), undefined);
  writeFileSync(first, 'oom_kill_disable 0\nunder_oom 0\noom_kill 7\n');
  assert.is(readOomKills([second, first]), 7);
  writeFileSync(second, 'low 0\nhigh 0\nmax 12\noom 2\noom_kill 1\noom_group_kill 0\n');
  assert.is(readOomKills([second, first]), 1);
  rmSync(folder, { recursive: true });
});

counts.run();
