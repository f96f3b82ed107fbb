import { EventEmitter } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WebSocket } from 'ws';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import type { ChannelEvents } from '../chrome/channel.ts';
import { RELAY_LIMITS } from './limits.ts';
import { startRelay } from './relay.ts';
import { VIEW_ONLY } from './rights.ts';

const viewers = suite('a client that may only view');

viewers('receives what Chrome says, and an error for what it says itself', () => {
  const received: object[] = [];
  const sent: string[] = [];
  const client = Object.assign(new EventEmitter(), {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    send: (data: Buffer) => received.push(JSON.parse(data.toString())),
  });
  let chromeEvents: ChannelEvents | undefined;
  startRelay({
    client: client as unknown as WebSocket,
    chrome: {
      listen(events) {
        chromeEvents = events;
      },
      send(message) {
        sent.push(message.toString());
        return 'sent';
      },
      tap() {},
      setBehind() {},
      hasWaiting: () => false,
      resumeWaiting() {},
      close() {},
    },
    rights: VIEW_ONLY,
    downloadsFolder: '/downloads',
    uploadPathOf: () => undefined,
    limits: RELAY_LIMITS,
    clock: createManualClock(),
    evictSlowest: () => true,
    events: { onMessage() {}, onBrowserClose() {}, onWaiting() {}, onEnd() {}, onFault() {} },
  });
  chromeEvents?.onMessage(Buffer.from('{"method":"Page.screencastFrame"}'));
  client.emit('message', Buffer.from('{"id":1,"method":"Page.close"}'), false);
  const error = { code: -32000, message: 'This connection may watch, and command nothing' };
  assert.equal(received, [{ method: 'Page.screencastFrame' }, { id: 1, error }]);
  assert.equal(sent, []);
});

viewers.run();
