import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClientChoosers } from './client-choosers.ts';
import type { OwnedSession } from './session-owners.ts';

const sessionOn = (targetId: string) => ({ targetId }) as OwnedSession;
const METHOD = 'Page.setInterceptFileChooserDialog';

const t = suite('file choosers of clients');

t('are those of the targets whose client asked for them, for as long as it does and is there', () => {
  const [first, second, other] = [sessionOn('A'), sessionOn('A'), sessionOn('B')] as const;
  const all = new Set([first, second, other]);
  const choosers = createClientChoosers({ all: () => all });
  choosers.noteSent(other, { method: 'Page.enable', params: { enabled: true } });
  assert.not(choosers.areTaken('B'));
  for (const session of [first, second])
    choosers.noteSent(session, { method: METHOD, params: { enabled: true } });
  assert.equal([choosers.areTaken('A'), choosers.areTaken('B')], [true, false]);
  choosers.noteSent(first, { method: METHOD, params: { enabled: false } });
  assert.ok(choosers.areTaken('A'));
  all.delete(second);
  assert.not(choosers.areTaken('A'));
});

t.run();
