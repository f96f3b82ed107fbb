import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CUT_ANSWERS, type Cut, exchangeBytes, startCutter } from '../testing/cut-bodies.ts';
import { failWhenCut } from './fail-when-cut.ts';
import { passAnswerOn } from './pass-answer-on.ts';

/** Somebody who passes on what that port answers, whatever of a body is sent. */
async function startForwarder(port: number) {
  const outcome = Promise.withResolvers<string>();
  const server = http.createServer((_request, response) => {
    const call = http.get({ port, agent: false });
    call.on('error', () => undefined);
    call.once('response', (answer) => {
      failWhenCut(call, answer);
      response.writeHead(answer.statusCode ?? 0, { 'x-passed': 'on' });
      passAnswerOn(answer, response).then(
        () => outcome.resolve('passed on'),
        () => outcome.resolve('failed'),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    outcome: outcome.promise,
    stop(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function pass(cut: Cut, request: string | readonly (string | Buffer)[]) {
  const cutter = await startCutter(cut, 'half');
  const forwarder = await startForwarder(cutter.port);
  try {
    const answer = await exchangeBytes(forwarder.port, request);
    return { ...answer, outcome: await forwarder.outcome };
  } finally {
    forwarder.stop();
    await cutter.stop();
  }
}

const answers = suite('an answer that is passed on');

for (const cut of CUT_ANSWERS)
  for (const version of ['1.0', '1.1'])
    answers(`is cut by a reset where it was cut, for HTTP/${version}: ${cut.name}`, async () => {
      const { ends, text, outcome } = await pass(cut, `GET / HTTP/${version}\r\nhost: x\r\n\r\n`);
      assert.equal([ends, outcome], ['reset', 'failed']);
      assert.not.match(text, '\r\n0\r\n\r\n');
    });

const whole: Cut = {
  name: 'whole',
  header: 'content-length: 4',
  part: (text) => text,
  end: (socket) => socket.end(),
};

answers('arrives whole', async () => {
  const { ends, text, outcome } = await pass(whole, 'GET / HTTP/1.0\r\n\r\n');
  assert.equal([ends, text.split('\r\n\r\n')[1], outcome], ['ended', 'half', 'passed on']);
});

answers('arrives although its client has not read it before all of a large body was sent', async () => {
  const bytes = 32 * 1024 * 1024;
  const head = `POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${bytes}\r\n\r\n`;
  const { ends, text, outcome } = await pass(whole, [head, Buffer.alloc(bytes)]);
  assert.equal([ends, outcome], ['ended', 'passed on']);
  assert.match(text, /^HTTP\/1\.1 200 [\s\S]*half/);
});

answers.run();
