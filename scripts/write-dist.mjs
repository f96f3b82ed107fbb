import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { LOCK } from './dist-lock.mjs';
import { STAMP } from './dist-stamp.mjs';

/** Whoever reads the file meanwhile has the old one or the new one, whole. */
async function replaceFile(path, bytes) {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, bytes);
  await rename(temporary, path);
}

async function removeOthers(root, kept) {
  for (const entry of await readdir(`${root}/dist`, { recursive: true, withFileTypes: true })) {
    const path = relative(root, `${entry.parentPath}/${entry.name}`);
    const isKept = entry.isDirectory()
      ? kept.some((file) => file.startsWith(`${path}/`))
      : kept.includes(path);
    if (!isKept) await rm(`${root}/${path}`, { recursive: true, force: true });
  }
}

/**
 * Writes over what is there and then removes what no longer belongs, so that dist/ is never empty meanwhile. The old
 * stamp goes first and `makeStamp()` is written last: a dist/ that is half written is not fresh.
 */
export async function writeDist(root, outputs, makeStamp) {
  await rm(`${root}/${STAMP}`, { force: true });
  for (const folder of new Set([...outputs.keys()].map(dirname))) {
    await mkdir(`${root}/${folder}`, { recursive: true });
  }
  await Promise.all([...outputs].map(([path, bytes]) => replaceFile(`${root}/${path}`, bytes)));
  await removeOthers(root, [...outputs.keys(), LOCK]);
  await replaceFile(`${root}/${STAMP}`, makeStamp());
}
