import { DatabaseSync } from 'node:sqlite';

// By the table's own order of its records: the number of the next one, one shard from a position on, and what is old.
const INDEXES = [
  'wallcrawler_by_number ON _stream_records (table_name, CAST(sequence_number AS INTEGER))',
  'wallcrawler_by_shard ON _stream_records (table_name, shard_id, CAST(sequence_number AS INTEGER))',
  'wallcrawler_by_shard_text ON _stream_records (table_name, shard_id, sequence_number)',
  'wallcrawler_by_age ON _stream_records (created_at)',
];

// As DynamoDB keeps them.
const KEPT_SECONDS = 24 * 60 * 60;
// So that no write waits long for its turn.
const TRIMMED_AT_ONCE = 1_000;
// How long it waits for Dynoxide to finish a write. At a start nothing else is done yet; later the whole machine waits.
const BUSY_MS = { atStart: 5_000, later: 50 };

// The last one of each table stays: its successor is numbered after it.
const TRIM = `DELETE FROM _stream_records WHERE id IN (
  SELECT id FROM _stream_records WHERE created_at < ? AND id NOT IN (
    SELECT MAX(id) FROM _stream_records GROUP BY table_name
  ) LIMIT ${TRIMMED_AT_ONCE}
)`;

/**
 * Dynoxide looks at every stream record that there ever was, images and all, to number the next one and to find where a
 * reader stands. So each write takes longer than the one before. These indexes of its SQLite file spare it that.
 */
export function indexStreamRecords(databaseFile: string): void {
  withDatabase(databaseFile, BUSY_MS.atStart, (database) => {
    for (const index of INDEXES) database.exec(`CREATE INDEX IF NOT EXISTS ${index}`);
  });
}

/**
 * Deletes what DynamoDB would not have any more, some at a time: Dynoxide keeps all for ever. Answers how many; throws when
 * Dynoxide does not let it write.
 */
export function trimStreamRecords(databaseFile: string, now: Date): number {
  const before = Math.floor(now.getTime() / 1000) - KEPT_SECONDS;
  return withDatabase(databaseFile, BUSY_MS.later, (database) =>
    Number(database.prepare(TRIM).run(before).changes),
  );
}

/** Beside Dynoxide, which has the same file open: SQLite lets one of them write at a time. */
function withDatabase<Result>(
  databaseFile: string,
  busyMs: number,
  use: (database: DatabaseSync) => Result,
): Result {
  const database = new DatabaseSync(databaseFile, { timeout: busyMs });
  try {
    return use(database);
  } finally {
    database.close();
  }
}
