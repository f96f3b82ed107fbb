import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeBody } from './decode-body.ts';

const bytes = (...values: number[]) => Buffer.from(values);
const text = (value: string, encoding: string) => ({ kind: 'text', text: value, encoding });

const t = suite('a body');

for (const [what, body, contentType, expected] of [
  ['UTF-8 without a word', Buffer.from('é'), '', text('é', 'utf-8')],
  ['windows-1252 without a word', bytes(0xe9, 0x80), 'text/html', text('é€', 'windows-1252')],
  ['what its content-type says', bytes(0xe9), 'text/plain; charset="ISO-8859-1"', text('é', 'windows-1252')],
  [
    'what its meta element says',
    Buffer.from('<META charset=shift_jis>\x82\xa0', 'latin1'),
    'text/html',
    text('<META charset=shift_jis>あ', 'shift_jis'),
  ],
  [
    'what its older meta element says',
    Buffer.from('<meta http-equiv=content-type content="text/html; charset=koi8-r">\xc1', 'latin1'),
    'text/html',
    text('<meta http-equiv=content-type content="text/html; charset=koi8-r">а', 'koi8-r'),
  ],
  [
    'its byte order mark before all else',
    bytes(0xff, 0xfe, 0x41, 0),
    'text/plain; charset=utf-8',
    text('A', 'utf-16le'),
  ],
  ['UTF-8 where the name is unknown', Buffer.from('é'), 'text/plain; charset=x-none', text('é', 'utf-8')],
  ['JSON and its kin', Buffer.from('{}'), 'application/problem+json', text('{}', 'utf-8')],
  ['bytes for a picture', bytes(1, 2), 'image/png', { kind: 'bytes', base64: 'AQI=' }],
  ['bytes where there is a NUL', bytes(0x41, 0), 'text/plain', { kind: 'bytes', base64: 'QQA=' }],
  [
    'bytes where there is another control character',
    bytes(1),
    'text/plain',
    { kind: 'bytes', base64: 'AQ==' },
  ],
  ['nothing', Buffer.alloc(0), 'text/html', text('', 'utf-8')],
] as const) {
  t(`is ${what}`, () => {
    assert.equal(decodeBody(body, contentType), expected);
  });
}

t.run();
