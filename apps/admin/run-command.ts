import { randomUUID } from 'node:crypto';
import { rotateTokenKeys } from '../../core/aws/keys/rotate-token-keys.ts';
import { type CommandLine, UsageError } from './command-line.ts';
import type { Installation } from './installation.ts';
import { createKey, listKeys, revokeKey } from './keys.ts';
import { changeProject, createProject, listProjects } from './projects.ts';

/** Carries out one command and returns what to print. */
export async function runCommand(installation: Installation, line: CommandLine): Promise<string> {
  const { command, options, operands } = line;
  switch (command) {
    case 'projects create':
      return createProject(installation, options, randomUUID);
    case 'projects update':
      return changeProject(installation, operands[0] ?? '', options);
    case 'projects list':
      return listProjects(installation);
    case 'keys create':
      return createKey(installation, options);
    case 'keys list':
      return listKeys(installation);
    case 'keys revoke':
      return revokeKey(installation, operands[0] ?? '');
    case 'token-keys rotate':
      return rotate(installation, options['drop-earlier'] === true);
    default:
      throw new UsageError(`There is no command "${command}"`);
  }
}

async function rotate({ tokenKeys }: Installation, dropEarlier: boolean): Promise<string> {
  const keyId = await rotateTokenKeys(tokenKeys, new Date(), { dropEarlier });
  const rest = dropEarlier ? ', and with no other: what was signed before is refused' : '';
  return `Tokens are signed with key ${keyId} now${rest}`;
}
