/** Everywhere that a secret of a customer could come to lie, as text. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { ownerOf } from '../../e2e/support/owner.ts';
import { descendantsOf } from '../../e2e/support/processes.ts';
import type { Wallcrawler } from '../../e2e/support/wallcrawler.ts';

export interface Place {
  /** Such as `log: machine.log`, `table: sessions`, `environment: node dist/router.mjs`. */
  readonly name: string;
  readonly text: string;
}

export const logPlaces = (machine: Wallcrawler): Place[] => {
  const folder = join(machine.dataDir, 'logs');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  return [
    { name: 'log: what the machine printed', text: machine.output() },
    ...files.map((name) => ({ name: `log: ${name}`, text: readFileSync(join(folder, name), 'utf8') })),
  ];
};

export async function tablePlaces({ dataDir }: Wallcrawler): Promise<Place[]> {
  const client = new DynamoDBClient(ownerOf(dataDir));
  const documents = DynamoDBDocumentClient.from(client);
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const places: Place[] = [];
  for (const TableName of TableNames) {
    const { Items } = await documents.send(new ScanCommand({ TableName }));
    places.push({
      name: `table: ${TableName.replace(/^wallcrawler-local-/, '')}`,
      text: JSON.stringify(Items),
    });
  }
  client.destroy();
  return places;
}

/** What any user may see of a process, and what its own may. */
export const processPlaces = ({ pid }: Wallcrawler): Place[] =>
  [pid, ...descendantsOf(pid).map((process) => process.pid)].flatMap((each) => {
    const read = (file: string) => {
      const path = `/proc/${each}/${file}`;
      return existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\0', '\n') : '';
    };
    // It may have ended meanwhile.
    try {
      const command = read('cmdline');
      const who = each === pid ? 'the machine' : nameOf(command);
      return [
        { name: `command line: ${who}`, text: command },
        { name: `environment: ${who}`, text: read('environ') },
      ];
    } catch (error) {
      if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  });

const nameOf = (command: string): string =>
  /dist\/(router|controller)/.exec(command)?.[1] ??
  (/chrom|crashpad/i.test(command.split('\n')[0] ?? '')
    ? 'Chrome'
    : (command.split('\n')[0] ?? '').replace(/^.*\//, ''));
