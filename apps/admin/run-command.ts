import { randomUUID } from 'node:crypto';
import { type Answer, type Format, render } from './answer.ts';
import { listAudit } from './audit.ts';
import type { Command, CommandLine, Options } from './command-line.ts';
import { showContextSizes } from './context-sizes.ts';
import { listContextVersions, restoreContextVersion } from './context-versions.ts';
import { deleteContext, listContexts } from './contexts.ts';
import { deleteProject } from './delete-project.ts';
import type { Installation } from './installation.ts';
import { createKey, listKeys, revokeKey } from './keys.ts';
import { changeProject, createProject, listProjects, showProject } from './projects.ts';
import { rotateKey } from './rotate-key.ts';
import { endSession, listSessions, showSession } from './sessions.ts';
import { listTokenKeys, rotate } from './token-keys.ts';
import { showUsage } from './usage.ts';

type Run = (
  installation: Installation,
  options: Options,
  operand: string,
  operands: readonly string[],
) => Promise<Answer>;

const RUN: Readonly<Record<Command, Run>> = {
  'projects create': (installation, options) => createProject(installation, options, randomUUID),
  'projects update': (installation, options, id) => changeProject(installation, id, options),
  'projects list': listProjects,
  'projects show': (installation, _, id) => showProject(installation, id),
  'projects delete': (installation, options, id) => deleteProject(installation, id, options),
  'keys create': createKey,
  'keys list': listKeys,
  'keys revoke': (installation, _, id) => revokeKey(installation, id),
  'keys rotate': (installation, options, id) => rotateKey(installation, id, options),
  'sessions list': listSessions,
  'sessions show': (installation, _, id) => showSession(installation, id),
  'sessions end': (installation, _, id) => endSession(installation, id),
  'contexts list': listContexts,
  'contexts delete': (installation, _, id) => deleteContext(installation, id),
  'contexts size': showContextSizes,
  'contexts versions': (installation, options, id) => listContextVersions(installation, id, options),
  'contexts restore': (installation, options, _, operands) =>
    restoreContextVersion(installation, operands, options),
  'token-keys rotate': rotate,
  'token-keys list': listTokenKeys,
  usage: showUsage,
  'audit list': listAudit,
};

/** Carries out one command and returns what to print. */
export async function runCommand(
  installation: Installation,
  { command, options, operands }: CommandLine,
  width?: number,
): Promise<string> {
  const answer = await RUN[command](installation, options, operands[0] ?? '', operands);
  return render(answer, { as: formatOf(options), width });
}

const formatOf = ({ json, csv }: Options): Format['as'] => (json ? 'json' : csv ? 'csv' : 'text');
