/**
 * What a test file has: a temporary folder of its own, and every process that came of it. A process may leave its group,
 * its parent and its environment behind (Chrome as another user does all three), so it is told by any of these: it was
 * seen below the file's process, its parent belongs to the file, or its command line or environment names a folder of
 * the file.
 */
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createSessionRoot } from '../local/data/session-root.ts';
import { ancestorsOf, readCommandLine, readEnvironment, readProcessTable } from './process-table.mjs';

// As /tmp itself: a Chrome of another user has to get to its folder.
const FOR_EVERYBODY = 0o1777;
const LOOK_MS = 500;
const END_LIMIT_MS = 5_000;
const POLL_MS = 20;
const SESSION_ROOT = /\/tmp\/wc[0-9a-f]{6}(?=[/\0]|$)/g;
// A data folder is the temporary folder of a test, or in it.
const DATA_FOLDER_DEPTH = 2;

const foldersBelow = (folder, depth) =>
  depth === 0 || !existsSync(folder)
    ? []
    : readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => join(folder, name))
        .flatMap((path) => [path, ...foldersBelow(path, depth - 1)]);

function send(signal, pid) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

export class Belongings {
  // Short: a Unix socket somewhere below it has 107 characters for its whole path.
  folder = mkdtempSync(join(tmpdir(), 't-'));
  #seen = new Map();
  #sessionRoots = new Set();
  #timer;

  constructor() {
    chmodSync(this.folder, FOR_EVERYBODY);
  }

  /** Remembers what is below `pid`, again and again: once its parent has died, nothing says whose a process was. */
  watch(pid) {
    this.#remember(readProcessTable().get(pid));
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  #remember(found) {
    if (found === undefined || this.#seen.get(found.pid) === found.begun) return;
    this.#seen.set(found.pid, found.begun);
    // Where a machine keeps its sessions: by design not in the temporary folder.
    for (const [root] of readCommandLine(found).matchAll(SESSION_ROOT)) this.#sessionRoots.add(root);
  }

  /** The processes that were seen before, with all that is below them now. */
  #look(table = readProcessTable()) {
    const children = Map.groupBy(table.values(), ({ parentPid }) => parentPid);
    const found = [...table.values()].filter(({ pid, begun }) => this.#seen.get(pid) === begun);
    // It grows while it is walked.
    for (const { pid } of found) {
      for (const child of children.get(pid) ?? []) if (!found.includes(child)) found.push(child);
    }
    for (const each of found) this.#remember(each);
    return found;
  }

  /** Every process that belongs to the file, also one that was never seen below it. */
  #find() {
    const table = readProcessTable();
    const spared = ancestorsOf(process.pid, table);
    const folders = [this.folder, ...this.#findSessionRoots()];
    const names = (text) => folders.some((folder) => text.includes(folder));
    for (const each of table.values()) {
      if (!spared.has(each.pid) && (names(readCommandLine(each)) || names(readEnvironment(each))))
        this.#remember(each);
    }
    return this.#look(table).filter(({ pid }) => !spared.has(pid));
  }

  #findSessionRoots() {
    const ofDataFolders = foldersBelow(this.folder, DATA_FOLDER_DEPTH).map(
      (path) => createSessionRoot(path).path,
    );
    return [...this.#sessionRoots, ...ofDataFolders.filter((path) => existsSync(path))];
  }

  #removeFolders() {
    for (const folder of [...this.#findSessionRoots(), this.folder]) {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  /**
   * Stops the processes until there is no new one: one that runs could start another while it is ended. Where they come faster
   * than they are found, those that are left are named as such, and the other files have their turn.
   */
  async #freeze() {
    const stopped = new Set();
    const startedAt = performance.now();
    for (;;) {
      const found = this.#find();
      const fresh = found.filter(({ pid }) => !stopped.has(pid));
      if (fresh.length === 0 || performance.now() - startedAt > END_LIMIT_MS) return found;
      for (const { pid } of fresh) send('SIGSTOP', pid);
      for (const { pid } of fresh) stopped.add(pid);
      await delay(POLL_MS);
    }
  }

  /** Ends the processes and removes the folders. Answers how many processes there were, and how many do not end. */
  async end() {
    clearInterval(this.#timer);
    const startedAt = performance.now();
    const frozen = await this.#freeze();
    let alive = frozen;
    while (alive.length > 0 && performance.now() - startedAt < END_LIMIT_MS) {
      for (const { pid } of alive) send('SIGKILL', pid);
      // There is no event for the end of a process that is nobody's child.
      await delay(POLL_MS);
      alive = this.#find();
    }
    this.#removeFolders();
    return { ended: frozen.length, alive: alive.length };
  }

  /** The same in one go, for a runner that is itself at its end. */
  endNow() {
    for (const { pid } of this.#find()) send('SIGKILL', pid);
    this.#removeFolders();
  }
}
