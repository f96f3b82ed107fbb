import type { ChromeChannel } from '../chrome/channel.ts';
import {
  type ClientCommand,
  notPermittedAnswer,
  type ReadCommand,
  readClientCommand,
  tooLargeAnswer,
  unknownSessionAnswer,
} from './client-command.ts';
import type { RelayLimits } from './limits.ts';
import { rewriteCommand } from './rewrite-command.ts';
import type { Rights } from './rights.ts';

export interface ForwardCommandDeps {
  readonly chrome: Pick<ChromeChannel, 'send'>;
  readonly rights: Rights;
  readonly downloadsFolder: string;
  readonly limits: Pick<RelayLimits, 'maxMessageBytes'>;
  /** Sends the client an answer of the relay's own. */
  answer(text: string): void;
  /** Chrome takes no more for now. */
  onFull(): void;
  /** The client sent Browser.close, and has its answer. */
  onBrowserClose(): void;
}

/** What becomes of a client's message: it goes to Chrome, as it is or rewritten, or the relay answers it itself. */
export function createForwardCommand(deps: ForwardCommandDeps): (message: Buffer) => void {
  const { chrome, downloadsFolder, limits, answer } = deps;
  const mayControl = deps.rights.has('control');

  function toChrome(message: string | Buffer, command: ReadCommand): void {
    // Numbers may be longer than the client wrote them, and Chrome reads its pipe no further than a message too large.
    const isTooLarge = typeof message === 'string' && Buffer.byteLength(message) > limits.maxMessageBytes;
    const outcome = isTooLarge ? 'too large' : chrome.send(message, command);
    if (outcome === 'too large') answer(tooLargeAnswer(command));
    else if (outcome === 'unknown') answer(unknownSessionAnswer(command));
    else if (outcome === 'full') deps.onFull();
  }

  function forwardParsed(command: Extract<ClientCommand, { kind: 'parsed' }>): void {
    const rewrite = rewriteCommand(command.json, downloadsFolder);
    if (rewrite.action === 'pass') toChrome(command.text, command);
    else if (rewrite.action === 'replace') toChrome(rewrite.message, command);
    else {
      answer(rewrite.message);
      if (rewrite.closesBrowser) deps.onBrowserClose();
    }
  }

  return (message) => {
    const command = readClientCommand(message);
    if (command.kind === 'invalid') answer(command.answer);
    else if (!mayControl) answer(notPermittedAnswer(command));
    else if (command.kind === 'large') toChrome(command.bytes, command);
    else forwardParsed(command);
  };
}
