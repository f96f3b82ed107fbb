import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tellIgnored } from './tell-ignored.ts';

const lineOf = (ignored: unknown) => JSON.stringify({ level: 'info', message: 'request', ignored });

function toldOf(...lines: string[]): string[] {
  const told: string[] = [];
  const look = tellIgnored((line) => told.push(line));
  for (const line of lines) look(line);
  return told;
}

const telling = suite('tellIgnored');

telling('names each setting once, in the terminal', () => {
  const told = toldOf(lineOf('proxies, browserSettings.blockAds'), lineOf('proxies'), lineOf('region'));
  assert.equal(
    told.map((line) => line.split(':')[0]),
    ['Ignored    proxies', 'Ignored    browserSettings.blockAds', 'Ignored    region'],
  );
});

telling('has nothing to say of any other line', () => {
  assert.equal(toldOf('{"message":"request"}', 'oops "ignored": 1', lineOf(7), '[{"ignored":"x"}]'), []);
});

telling('does not let a client fill the terminal', () => {
  const lines = Array.from({ length: 500 }, (_, index) => lineOf(`made-up-${index}`));
  assert.is(toldOf(...lines).length, 100);
});

telling.run();
