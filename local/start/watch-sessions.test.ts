import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LifecycleEvent } from '../../core/aws/signals/put-lifecycle-event.ts';
import { watchSessions } from './watch-sessions.ts';

function watching() {
  const lines: string[] = [];
  const watch = watchSessions((line) => lines.push(line));
  const step = (status: string, second: number, change: Partial<LifecycleEvent> = {}) =>
    watch.onEvent({
      source: 'wallcrawler',
      detailType: 'Session State Change',
      detail: {
        sessionId: 's1',
        projectId: 'shop',
        status,
        previousStatus: null,
        endReason: null,
        at: new Date(second * 1000).toISOString(),
        ...change,
      },
    });
  return { watch, lines, step };
}

const t = suite('sessions, as the terminal tells of them');

t('one line when a session has its browser, and one when it ends, with reason and duration', () => {
  const { watch, lines, step } = watching();
  step('CREATING', 0);
  step('STARTING', 0.2);
  assert.equal(watch.load(), { running: 0, queued: 1 });
  step('READY', 0.8);
  step('ACTIVE', 1);
  step('READY', 2);
  assert.equal(watch.load(), { running: 1, queued: 0 });
  step('TERMINATING', 12);
  step('STOPPED', 12.5, { endReason: 'client_closed' });
  assert.equal(watch.load(), { running: 0, queued: 0 });
  assert.equal(lines, [
    'Session    s1 of shop started after 0.8 s',
    'Session    s1 of shop ended after 12.5 s: client_closed',
  ]);
});

t('an end is told once, however often and however late its events come', () => {
  const { watch, lines, step } = watching();
  step('CREATING', 0);
  step('STOPPED', 1, { endReason: 'released' });
  step('STOPPED', 1, { endReason: 'released' });
  step('READY', 0.5);
  assert.equal(lines, ['Session    s1 of shop ended after 1.0 s: released']);
  assert.equal(watch.load(), { running: 0, queued: 0 });
});

t('the end of a session of an earlier run has no duration', () => {
  const { lines, step } = watching();
  step('FAILED', 3, { endReason: 'container_lost' });
  assert.equal(lines, ['Session    s1 of shop ended: container_lost']);
});

t("counts them, and leaves what is nobody's session alone", () => {
  const { watch, lines, step } = watching();
  watch.onEvent({ source: 'aws.ecs', detailType: 'ECS Task State Change', detail: { taskArn: 'x' } });
  watch.onEvent({ source: 'wallcrawler', detailType: 'Session Event', detail: { sessionId: 's1', seq: 1 } });
  step('CREATING', 0);
  step('CREATING', 0, { sessionId: 's2' });
  step('READY', 1);
  step('FAILED', 2, { sessionId: 's2', endReason: 'start_failed' });
  const text = watch.metrics.render();
  assert.match(text, 'wallcrawler_sessions_live 1');
  assert.match(text, 'wallcrawler_sessions{state="running"} 1');
  assert.match(text, 'wallcrawler_sessions{state="starting"} 0');
  assert.is(lines.length, 2);
});

t.run();
