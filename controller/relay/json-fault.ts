import type { ProtocolError } from './chrome-words.ts';

const SPACE = /[ \t\n\v\f\r]*/y;
const TOKEN = /null|true|false|[[\]{},:]|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|"/y;
const ESCAPE = /["\\/bfnrtv]|u[\da-fA-F]{4}|x[\da-fA-F]{2}/y;
/** Deeper than this Chrome reads no further. */
const MAX_DEPTH = 300;

class JsonFault extends Error {}

/** Where Chrome's own reader of JSON stops, and its word for why: clients that log it show it to people. */
export function jsonFaultOf(text: string): ProtocolError {
  const message = `JSON: ${new FaultFinder(text).find()}`;
  return { code: -32700, message };
}

/** Reads as Chrome does, and keeps nothing of it. Only ever run on what JSON.parse has refused. */
class FaultFinder {
  readonly #text: string;
  #at = 0;
  #start = 0;

  constructor(text: string) {
    this.#text = text;
  }

  find(): string {
    try {
      this.#value(0, this.#next());
      this.#match(SPACE);
      this.#start = this.#at;
      return this.#say('unprocessed input remains');
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      return error.message;
    }
  }

  #say(what: string): string {
    // Chrome counts bytes.
    return `${what} at position ${Buffer.byteLength(this.#text.slice(0, this.#start))}`;
  }

  #fail(what: string): never {
    throw new JsonFault(this.#say(what));
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  /** The next token: its first character, `''` at the end, `?` for none. */
  #next(): string {
    this.#match(SPACE);
    this.#start = this.#at;
    if (this.#at === this.#text.length) return '';
    const token = this.#match(TOKEN);
    if (token === undefined) return '?';
    return token !== '"' || this.#string() ? (token[0] as string) : '?';
  }

  #string(): boolean {
    for (;;) {
      const character = this.#text[this.#at++];
      if (character === undefined) return false;
      if (character === '"') return true;
      if (character === '\\' && this.#match(ESCAPE) === undefined) return false;
    }
  }

  #value(depth: number, token: string): void {
    if (depth > MAX_DEPTH) this.#fail('stack limit exceeded');
    if (token === '') this.#fail('no input');
    if (token === '?') this.#fail('invalid token');
    if (token === '[') this.#members(']', 'array', (first) => this.#value(depth + 1, first));
    else if (token === '{') this.#members('}', 'map', (first) => this.#pair(depth, first));
    else if (']},:'.includes(token)) this.#fail('value expected');
  }

  #pair(depth: number, token: string): void {
    if (token !== '"') this.#fail('string literal expected');
    if (this.#next() !== ':') this.#fail('colon expected');
    this.#value(depth + 1, this.#next());
  }

  #members(end: string, name: string, read: (first: string) => void): void {
    for (let token = this.#next(); token !== end; ) {
      read(token);
      token = this.#next();
      if (token === ',') {
        token = this.#next();
        if (token === end) this.#fail(`unexpected ${name} end`);
      } else if (token !== end) this.#fail(`comma or ${name} end expected`);
    }
  }
}
