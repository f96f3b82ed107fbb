// Bodies that are cut on their way through the router, and answers that come before a body is through.
import type { ServerResponse } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_CLAIM_BYTES } from '../core/domain/claim.ts';
import { CUT_ANSWERS, CUTS, exchangeBytes, sendCut, startCutter } from '../core/testing/cut-bodies.ts';
import { type RouterFixture, startRouterFixture } from './testing/router-fixture.ts';

const MIB = 1024 * 1024;
const NEXT = 'GET /nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
let fixture: RouterFixture;
const bodies = suite('a body on its way through the router');
bodies.before.each(async () => {
  fixture = await startRouterFixture();
});
bodies.after.each(() => fixture.stop());

for (const cut of CUT_ANSWERS)
  for (const version of ['1.0', '1.1'])
    bodies(`is cut for the client too where its container was, HTTP/${version}: ${cut.name}`, async () => {
      const container = await startCutter(cut, 'half');
      const address = { host: '127.0.0.1', port: container.port };
      fixture.state.route = { projectId: 'p1', status: 'READY', address };
      const path = `/connect/live/${fixture.token('live')}/`;
      const { ends } = await exchangeBytes(fixture.port, `GET ${path} HTTP/${version}\r\nhost: x\r\n\r\n`);
      assert.is(ends, 'reset');
      await container.stop();
    });

/** Resolves when the router has a request, or none any more. */
async function untilOpen(count: number): Promise<void> {
  while ((await fixture.openCount()) !== count) await new Promise(setImmediate);
}

for (const cut of CUTS)
  bodies(`is no claim when it is cut, whatever was signed: ${cut.name}`, async () => {
    const requestLine = `POST ${fixture.claimPath('half')}`;
    const answer = await sendCut(fixture.port, { requestLine, cut, text: 'half' }, untilOpen(1));
    await untilOpen(0);
    assert.is(fixture.container.requests.length, 0);
    if (cut.name.endsWith('reset')) return assert.is(answer, '');
    assert.match(answer, /^HTTP\/1\.1 400 [\s\S]*"message":"The request ended before all of it had come"/);
  });

for (const connection of ['close', 'keep-alive'])
  bodies(`is refused in words when it is too large for a claim: ${connection}`, async () => {
    assert.ok(MAX_CLAIM_BYTES < MIB);
    const { text, ends } = await exchangeBytes(fixture.port, [
      `POST ${fixture.claimPath('x')} HTTP/1.1\r\nhost: x\r\nconnection: ${connection}\r\ncontent-length: ${24 * MIB}\r\n\r\n`,
      Buffer.alloc(24 * MIB),
      connection === 'close' ? '' : NEXT,
    ]);
    assert.match(text, /^HTTP\/1\.1 413 [\s\S]*"message":"A claim is not that large"/);
    assert.is(ends, 'ended');
    assert.is(text.includes('HTTP/1.1 404 '), connection === 'keep-alive');
  });

for (const connection of ['close', 'keep-alive'])
  bodies(`is a file that its container refuses, in the words of that one: ${connection}`, async () => {
    fixture.container.handlers.request = (_, response: ServerResponse) =>
      response.writeHead(413, { 'content-length': 2 }).end('no');
    const path = `/connect/uploads/a?signingKey=${fixture.token('upload')}`;
    const { text } = await exchangeBytes(fixture.port, [
      `PUT ${path} HTTP/1.1\r\nhost: x\r\nconnection: ${connection}\r\ncontent-length: ${24 * MIB}\r\n\r\n`,
      Buffer.alloc(24 * MIB),
      connection === 'close' ? '' : NEXT,
    ]);
    assert.match(text, /^HTTP\/1\.1 413 [\s\S]*\r\n\r\nno/);
    assert.is(text.includes('HTTP/1.1 404 '), connection === 'keep-alive');
  });

bodies.run();
