import { redactText } from '../../core/log/redact.ts';

const MAX_LINES = 30;
const MAX_LINE_CHARACTERS = 300;
const MAX_PARTIAL_CHARACTERS = 4_096;
// A container has no D-Bus: these lines are in every Chrome's stderr and explain nothing.
const NOISE = /ERROR:dbus\/|^\s*$/;
// Of a crash's stack and registers, dozens of lines without a name: why it crashed is the line before them.
const STACK = /^\s*#\d+ 0x[0-9a-f]+ |^\s*(?:\w{1,3}: [0-9a-f]{16}\s*)+$|^\[end of stack trace\]$/;

export interface StderrTail {
  add(chunk: string): void;
  /** The last lines, oldest first, without credentials; at most `maxCharacters` of them. */
  read(maxCharacters: number): string;
}

/** Keeps the last lines that Chrome wrote to stderr: what is left to explain its death. `onLine` gets each. */
export function createStderrTail(onLine: (line: string) => void = () => {}): StderrTail {
  const lines: string[] = [];
  let partial = '';
  return {
    add(chunk) {
      const parts = (partial + chunk).split('\n');
      partial = (parts.pop() ?? '').slice(0, MAX_PARTIAL_CHARACTERS);
      for (const line of parts) {
        if (NOISE.test(line)) continue;
        onLine(line);
        if (!STACK.test(line)) lines.push(cleanLine(line));
      }
      lines.splice(0, lines.length - MAX_LINES);
    },
    read(maxCharacters) {
      const all = NOISE.test(partial) ? lines : [...lines, cleanLine(partial)];
      return all.join(' | ').slice(-maxCharacters);
    },
  };
}

// Before the line is cut: half a token would not be known for one.
const cleanLine = (line: string): string => redactText(line).slice(0, MAX_LINE_CHARACTERS);
