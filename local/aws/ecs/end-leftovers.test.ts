import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findLeftovers } from './end-leftovers.ts';

const leftovers = suite('leftovers of a task');
const folder = '/tmp/wallcrawler/5d1f';

const processOf = (pid: number, processGroup: number, uid: number, commandLine: string) => ({
  pid,
  begun: 'then',
  processGroup,
  uid,
  commandLine,
});
const self = { selfUid: 1000, selfPid: 1 };
const find = (task: object, processes: ReturnType<typeof processOf>[]) =>
  findLeftovers(task, [processOf(1, 1, 1000, 'node local/index.ts'), ...processes], self).map(
    ({ pid }) => pid,
  );

leftovers('are a Chrome on its folder and the rest of its group', () => {
  const processes = [
    processOf(10, 10, 1000, `chrome --user-data-dir=${folder}/profile --x`),
    processOf(11, 10, 1000, 'chrome --type=renderer'),
    processOf(12, 12, 1000, `crashpad --database=${folder}`),
  ];
  assert.equal(find({ sessionFolder: folder }, processes), [10, 11, 12]);
});

leftovers('are all processes of the user that is its own', () => {
  const processes = [processOf(10, 10, 70_001, 'anything'), processOf(11, 11, 70_002, 'of another task')];
  assert.equal(find({ uid: 70_001, sessionFolder: folder }, processes), [10]);
});

leftovers('are no strangers: other folders, other users, texts that only mention it, ourselves', () => {
  const processes = [
    processOf(10, 10, 1000, `chrome --user-data-dir=${folder}2/profile`),
    processOf(11, 11, 1000, `vim ${folder}/notes`),
    processOf(12, 12, 500, `chrome --user-data-dir=${folder}/profile`),
    processOf(13, 1, 1000, 'another of our group'),
  ];
  assert.equal(find({ sessionFolder: folder }, processes), []);
  const inOurGroup = [...processes, processOf(14, 1, 1000, `chrome --user-data-dir=${folder}`)];
  assert.equal(find({ sessionFolder: folder }, inOurGroup), [14]);
  assert.equal(find({}, inOurGroup), []);
});

leftovers.run();
