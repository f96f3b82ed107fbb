/** What of our own code is in a bundle, readable: as esbuild leaves it when it has dropped what nobody calls. */
import esbuild from 'esbuild';

export interface LiveCode {
  /** The entry, relative to the root. */
  readonly entry: string;
  readonly sections: readonly Section[];
  readonly imports: readonly NamedImport[];
}

/** What is left of one source file. */
export interface Section {
  readonly file: string;
  readonly text: string;
}

/** The name of an import that is no name: all of a package. */
export const WHOLE = '*';

export interface NamedImport {
  readonly from: string;
  readonly name: string;
  /** What this code calls it. */
  readonly alias: string;
}

const IMPORT = /^import (?:([^;]*?) from )?"([^"]+)";\n/gm;
const SOURCE = /^\/\/ (\S+)$/gm;

/** The live code of each of `entries` ({name: source path}), packages left outside. */
export async function readLiveCode(
  root: string,
  entries: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, LiveCode>>> {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: Object.entries(entries).map(([name, path]) => ({ in: path, out: name })),
    outdir: 'dist',
    bundle: true,
    // As the bundles are made, but for names and spaces: what is dropped there is dropped here.
    minifySyntax: true,
    treeShaking: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    packages: 'external',
    external: ['contract:*'],
    loader: { '.json': 'empty' },
    write: false,
    logLevel: 'silent',
  });
  return Object.fromEntries(
    Object.entries(entries).map(([name, entry], index) => [
      name,
      { entry, ...splitCode(outputFiles[index]?.text ?? '') },
    ]),
  );
}

/** Imports, and the rest by the file it comes from: esbuild writes its path above it. */
function splitCode(text: string): Pick<LiveCode, 'sections' | 'imports'> {
  const [, ...parts] = text.replace(IMPORT, '').split(SOURCE);
  return {
    imports: [...text.matchAll(IMPORT)].flatMap(([, clause = '', from = '']) => namesOf(clause, from)),
    sections: parts.flatMap((part, index) =>
      index % 2 === 0 ? [{ file: part, text: parts[index + 1] ?? '' }] : [],
    ),
  };
}

/** `whole, { a, b as c }`; a default or a namespace is the whole. */
function namesOf(clause: string, from: string): NamedImport[] {
  const [outside = '', inside = ''] = clause.split(/[{}]/);
  const whole = /(\w+),?\s*$/.exec(outside)?.[1];
  const named = inside.split(',').flatMap((each) => {
    const [name, alias = name] = each.trim().split(' as ');
    return name && alias ? [{ from, name, alias }] : [];
  });
  return whole === undefined ? named : [{ from, name: WHOLE, alias: whole }, ...named];
}
