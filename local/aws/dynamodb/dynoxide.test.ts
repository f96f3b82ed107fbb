import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isRunning, type ProcessIdentity, signalProcess } from '../../processes/process-table.ts';
import { awaitCondition } from '../testing/await-condition.ts';
import { closeAtEnd } from '../testing/open-things.ts';
import {
  CREDENTIALS,
  createListLogger,
  REGION,
  rejectionOf,
  silentLogger,
  withFolder,
} from '../testing/serve-services.ts';
import { createTables } from './create-tables.ts';
import { startDynoxide } from './dynoxide.ts';

const recordIn = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'process.json'), 'utf8')) as ProcessIdentity;

const connect = (endpoint: string) =>
  new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });

async function tableNames(endpoint: string): Promise<readonly string[]> {
  const client = connect(endpoint);
  try {
    return (await client.send(new ListTablesCommand({}))).TableNames ?? [];
  } finally {
    client.destroy();
  }
}

async function makeTable(endpoint: string, name: string): Promise<void> {
  const client = connect(endpoint);
  await createTables(client, [{ name, hashKey: 'id', indexes: [] }]);
  client.destroy();
}

async function start(folder: string, logger = silentLogger) {
  const child = await startDynoxide({ folder, logger });
  closeAtEnd(child.close);
  return child;
}

const t = suite('the database process');

t('listens where a page does not find it, and keeps its data over a restart', () =>
  withFolder(async (folder) => {
    const first = await start(folder);
    assert.match(first.endpoint, /^http:\/\/127\.\d+\.\d+\.\d+:\d+$/);
    await makeTable(first.endpoint, 'things');
    await first.close();
    assert.not(isRunning(recordIn(folder)));
    const second = await start(folder);
    assert.not.equal(second.endpoint, first.endpoint);
    assert.equal(await tableNames(second.endpoint), ['things']);
    await second.close();
  }),
);

t('is started again at the same address when it dies, and that is in the log', () =>
  withFolder(async (folder) => {
    const { logger, lines } = createListLogger();
    const { endpoint, close } = await start(folder, logger);
    await makeTable(endpoint, 'things');
    const killed = recordIn(folder);
    signalProcess(killed, 'SIGKILL');
    await awaitCondition(() => recordIn(folder).pid !== killed.pid, 'a new process');
    const names = await awaitCondition(() => tableNames(endpoint).catch(() => false as const), 'it listens');
    assert.equal(names, ['things']);
    assert.match(lines.join('\n'), /"signal":"SIGKILL"/);
    await close();
    assert.not(isRunning(recordIn(folder)));
  }),
);

t('that a killed machine left behind is ended before the next one opens its file', () =>
  withFolder(async (folder) => {
    const left = await start(folder);
    const predecessor = recordIn(folder);
    const next = await start(folder);
    assert.not(isRunning(predecessor));
    assert.equal(await tableNames(next.endpoint), []);
    await next.close();
    await left.close();
  }),
);

t('that is closed while it is being started again stays closed', () =>
  withFolder(async (folder) => {
    const { endpoint, close } = await start(folder);
    signalProcess(recordIn(folder), 'SIGKILL');
    await close();
    assert.not(isRunning(recordIn(folder)));
    await rejectionOf(tableNames(endpoint));
  }),
);

t.run();
