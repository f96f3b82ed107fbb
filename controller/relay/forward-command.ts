import type { ChromeChannel } from '../chrome/channel.ts';
import { CHROME_WORDS } from './chrome-words.ts';
import {
  type ClientCommand,
  type ReadCommand,
  readClientCommand,
  refusedAnswer,
  tooLargeAnswer,
  unknownSessionAnswer,
} from './client-command.ts';
import type { RelayLimits } from './limits.ts';
import { decidePageCommand } from './page-commands.ts';
import { type ContextProxyOf, rewriteCommand } from './rewrite-command.ts';
import type { UploadPathOf } from './rewrite-files.ts';
import type { Rights } from './rights.ts';

export interface ForwardCommandDeps {
  readonly chrome: Pick<ChromeChannel, 'send'>;
  readonly rights: Rights;
  readonly downloadsFolder: string;
  readonly uploadPathOf: UploadPathOf;
  readonly contextProxy?: ContextProxyOf | undefined;
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
  const { chrome, downloadsFolder, uploadPathOf, contextProxy, limits, answer, rights } = deps;
  const mayControl = rights.has('control');
  const hasBrowser = rights.has('browser');
  const rules = { downloadsFolder, uploadPathOf, contextProxy, mayEnd: rights.has('end') };

  function toChrome(message: string | Buffer, command: ReadCommand): void {
    // Numbers may be longer than the client wrote them, and Chrome reads its pipe no further than a message too large.
    const isTooLarge = typeof message === 'string' && Buffer.byteLength(message) > limits.maxMessageBytes;
    const outcome = isTooLarge ? 'too large' : chrome.send(message, command);
    if (outcome === 'too large') answer(tooLargeAnswer(command));
    else if (outcome === 'unknown') answer(unknownSessionAnswer(command));
    else if (outcome === 'full') deps.onFull();
  }

  type ParsedCommand = Extract<ClientCommand, { kind: 'parsed' }>;

  function forwardToBrowser(command: ParsedCommand): void {
    const rewrite = rewriteCommand(command.json, rules);
    if (rewrite.action === 'pass') toChrome(command.text, command);
    else if (rewrite.action === 'replace') toChrome(rewrite.message, command);
    else {
      answer(rewrite.message);
      if (rewrite.closesBrowser) deps.onBrowserClose();
    }
  }

  function forwardToPage(command: ParsedCommand): void {
    const decision = decidePageCommand(command.json);
    if ('refusal' in decision) answer(refusedAnswer(command, decision.refusal));
    else if (decision.params === undefined) toChrome(command.text, command);
    else toChrome(JSON.stringify({ ...command.json, params: decision.params }), command);
  }

  return (message) => {
    const command = readClientCommand(message, mayControl && !hasBrowser);
    if (command.kind === 'invalid') answer(command.answer);
    else if (!mayControl) answer(refusedAnswer(command, CHROME_WORDS.viewOnly));
    else if (command.kind === 'large') toChrome(command.bytes, command);
    else if (hasBrowser) forwardToBrowser(command);
    else forwardToPage(command);
  };
}
