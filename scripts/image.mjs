/**
 * Builds a container image from dist/, for what runs it, and tells its size. The tag is the commit. Runs in the package's
 * root.
 *
 *   node scripts/image.mjs <part>                           # into this machine's engine, for this machine
 *   node scripts/image.mjs <part> --push <repository url>   # into a registry, from a clean tree only
 *                                 --architecture <x86_64|arm64>
 *
 * A pushed tag ends in what its image is for, so that an environment can change from one to the other at the same commit.
 * WALLCRAWLER_AD_HOSTS is a list of the hosts of ads that the controller's image is to have.
 * IMAGE_WRAPPER is a command that docker is run by.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeLayers, describeManifest } from './image-sizes.mjs';

/** By Fargate's words, which are Terraform's `architecture`. */
const PLATFORMS = { x86_64: 'linux/amd64', arm64: 'linux/arm64' };
/**
 * What each is made of: where its Dockerfile is, and a file of dist/ without which there is nothing to build it from. And
 * what it is pushed for where nobody says: what Terraform runs it on where nobody says.
 */
const PARTS = {
  controller: { folder: 'controller', built: 'controller/index.js', architecture: 'x86_64' },
  router: { folder: 'router', built: 'router/index.js', architecture: 'arm64' },
  // A Lambda, which unpacks an image when the function is made, and is not known to take zstd.
  recordings: {
    folder: 'functions/recordings/image',
    built: 'function-runtime/index.js',
    architecture: 'arm64',
    isLambda: true,
  },
  // One machine in a container; what stands in for DynamoDB there is built for x64 only.
  platform: { folder: 'local', built: 'infrastructure.json', architecture: 'x86_64', isForOne: true },
};
const names = (things) => Object.keys(things).join('|');
const USAGE = `npm run image -- ${names(PARTS)} [--push <repository url>] [--architecture ${names(PLATFORMS)}]`;
const OWN_ARCHITECTURE = { x64: 'x86_64' }[process.arch] ?? process.arch;
const ownPlatform = PLATFORMS[OWN_ARCHITECTURE] ?? `linux/${OWN_ARCHITECTURE}`;
// A session waits until its image is fetched and unpacked: with zstd a sixth less, in a quarter of gzip's time.
const ZSTD = 'compression=zstd,compression-level=9,force-compression=true,oci-mediatypes=true';
/** A list of the hosts of ads that the controller's image takes along: WALLCRAWLER_AD_HOSTS. No list is ours to ship. */
const AD_HOSTS = process.env.WALLCRAWLER_AD_HOSTS ?? '';
const AD_HOSTS_COPY = 'dist/controller/ad-hosts.txt';
const wrapper = (process.env.IMAGE_WRAPPER ?? '').split(' ').filter(Boolean);

/** What is wrong, for a person; nothing of it is a fault of this script. */
class ImageError extends Error {}

/** Runs a command to its end. What it prints goes to the terminal, or comes back as stdout. */
function run(words, { isShown = false } = {}) {
  const [command, ...args] = words;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', isShown ? 'inherit' : 'pipe', isShown ? 'inherit' : 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) child[name]?.on('data', (chunk) => (output[name] += chunk));
    child.once('error', (error) => resolve({ ...output, code: error.code, stderr: error.message }));
    child.once('close', (code) => resolve({ ...output, code }));
  });
}

const docker = (args, options) => run([...wrapper, 'docker', ...args], options);

async function expectOutput(words) {
  const { code, stdout, stderr } = await run(words);
  if (code !== 0) throw new ImageError(`"${words.join(' ')}" failed: ${stderr.trim() || code}`);
  return stdout.trim();
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { push: { type: 'string' }, architecture: { type: 'string' } },
  });
  const [part, ...more] = positionals;
  if (!Object.hasOwn(PARTS, part ?? '') || more.length > 0) throw new ImageError(`Usage: ${USAGE}`);
  const { push, architecture } = values;
  if (architecture !== undefined && !Object.hasOwn(PLATFORMS, architecture)) {
    throw new ImageError(
      `--architecture is one of ${Object.keys(PLATFORMS).join(', ')}, not "${architecture}"`,
    );
  }
  if (architecture !== undefined && PARTS[part].isForOne && architecture !== PARTS[part].architecture) {
    throw new ImageError(`The image of ${part} is for ${PARTS[part].architecture} only`);
  }
  if (push !== undefined && !/^[\w.-]+(:\d+)?(\/[\w.-]+)+$/.test(push)) {
    throw new ImageError(`--push takes a repository without scheme and tag, not "${push}"`);
  }
  return { part, push, architecture };
}

/** The commit; with a mark when the tree holds more than that, which no one else could build again. */
async function readTag({ isPushed }) {
  const commit = await expectOutput(['git', 'rev-parse', 'HEAD']);
  const changes = await expectOutput(['git', 'status', '--porcelain']);
  if (changes === '') return { commit, tag: commit };
  if (isPushed)
    throw new ImageError(`Commit first: the tag of a pushed image is its commit, and there is\n${changes}`);
  return { commit, tag: `${commit}-changed` };
}

async function requireTools(part) {
  const { folder, built } = PARTS[part];
  if (!existsSync(`${folder}/Dockerfile`)) throw new ImageError(`There is no ${folder}/Dockerfile`);
  if (!existsSync(`dist/${built}`)) throw new ImageError(`dist/ lacks ${built}: run "npm run build"`);
  const { code, stderr } = await docker(['buildx', 'version']);
  if (code === 'ENOENT')
    throw new ImageError('docker is not installed: see https://docs.docker.com/engine/install/');
  if (code !== 0) throw new ImageError(`docker has no buildx, which builds the image: ${stderr.trim()}`);
}

/** One of an earlier build stays out of this one. */
function takeAdHosts(part) {
  if (part !== 'controller') return;
  rmSync(AD_HOSTS_COPY, { force: true });
  if (AD_HOSTS === '') return;
  if (!existsSync(AD_HOSTS)) throw new ImageError('WALLCRAWLER_AD_HOSTS names no file');
  copyFileSync(AD_HOSTS, AD_HOSTS_COPY);
}

/** Asked before the build: without it a step of the Dockerfile ends with "exec format error", which nobody understands. */
async function requirePlatform(platform) {
  if (platform === ownPlatform) return;
  const { stdout } = await docker(['buildx', 'inspect', '--bootstrap']);
  if (stdout.includes(platform)) return;
  throw new ImageError(
    `The builder cannot run ${platform}. Once for each machine: docker run --privileged --rm tonistiigi/binfmt --install ${platform.split('/')[1]}`,
  );
}

async function build(part, { commit, reference, output, platform }) {
  const { code } = await docker(
    [
      ...[
        'buildx',
        'build',
        '--platform',
        platform,
        '--file',
        `${PARTS[part].folder}/Dockerfile`,
        '--tag',
        reference,
      ],
      // An attestation would make an index of the image, and Fargate would have one more thing to fetch.
      ...['--provenance=false', '--label', `org.opencontainers.image.revision=${commit}`],
      ...output,
      '.',
    ],
    { isShown: true },
  );
  if (code !== 0) throw new ImageError(`The image was not built: docker ended with ${code}`);
}

/** What to do with it on this machine. */
const NEXT = {
  controller: (reference) =>
    `WALLCRAWLER_BROWSER_IMAGE=${reference} npm start   # a container for each session`,
  platform: (reference) =>
    `WALLCRAWLER_IMAGE=${reference} docker compose -f local/compose.yaml up   # with WALLCRAWLER_API_KEY, a key of yours`,
};

async function buildHere(part, architecture) {
  const { commit, tag } = await readTag({ isPushed: false });
  const reference = `wallcrawler-${part}:${tag}`;
  const { isForOne, architecture: only } = PARTS[part];
  // For the engine that is to run it.
  const platform = PLATFORMS[architecture ?? (isForOne ? only : undefined)] ?? ownPlatform;
  if (architecture !== undefined) await requirePlatform(platform);
  await build(part, { commit, reference, output: ['--load'], platform });
  const size = await docker(['image', 'inspect', '--format', '{{.Size}}', reference]);
  const history = await docker(['history', '--no-trunc', '--format', '{{.Size}}\t{{.CreatedBy}}', reference]);
  console.log(`${describeLayers(Number(size.stdout), history.stdout)}\n${reference}`);
  const next = NEXT[part]?.(reference);
  if (next !== undefined) console.log(next);
}

async function buildAndPush(part, repository, architecture = PARTS[part].architecture) {
  const { commit, tag } = await readTag({ isPushed: true });
  const reference = `${repository}:${tag}-${architecture}`;
  const inspect = () => docker(['buildx', 'imagetools', 'inspect', '--raw', reference]);
  if ((await inspect()).code === 0) {
    console.log(`${reference} is there already, and a tag never moves`);
    return;
  }
  const platform = PLATFORMS[architecture];
  await requirePlatform(platform);
  // From nothing: a cached layer would hold the Chromium of the day it was made.
  const { isLambda = false } = PARTS[part];
  const output = ['--pull', '--no-cache', '--output', `type=image,push=true${isLambda ? '' : `,${ZSTD}`}`];
  await build(part, { commit, reference, output, platform });
  const { code, stdout, stderr } = await inspect();
  if (code !== 0) throw new ImageError(`${reference} cannot be read back: ${stderr.trim()}`);
  console.log(`${describeManifest(JSON.parse(stdout), { isZstdWanted: !isLambda })}\n${reference}`);
}

try {
  const { part, push, architecture } = readArguments();
  await requireTools(part);
  takeAdHosts(part);
  await (push === undefined ? buildHere(part, architecture) : buildAndPush(part, push, architecture));
} catch (error) {
  const isForAPerson = error instanceof ImageError || error.code?.startsWith('ERR_PARSE_ARGS');
  console.error(isForAPerson ? error.message : error);
  process.exitCode = 1;
}
