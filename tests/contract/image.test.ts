import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CAPABILITIES } from '../../local/aws/ecs/task-container.ts';
import { openPlatform } from '../../terraform/reader/platform.ts';
import { bundleOf } from '../../terraform/reader/targets.ts';
import { COMPOSE_OPTIONS } from '../image/support/platform.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const dockerfile = readFileSync(`${ROOT}controller/Dockerfile`, 'utf8');
const taskDefinition = readFileSync(`${ROOT}terraform/modules/browsers/main.tf`, 'utf8');

// What Docker gives a container, and so ECS: https://docs.docker.com/engine/containers/run/
const DEFAULT_CAPABILITIES = [
  ...[
    'AUDIT_WRITE',
    'CHOWN',
    'DAC_OVERRIDE',
    'FOWNER',
    'FSETID',
    'KILL',
    'MKNOD',
    'NET_BIND_SERVICE',
    'NET_RAW',
  ],
  ...['SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
];

/** The one match of `pattern` in `source`; several or none are a failure. */
function only(source: string, pattern: RegExp): string {
  const found = [...source.matchAll(new RegExp(pattern, 'gm'))];
  assert.is(found.length, 1, `${pattern} is there ${found.length} times`);
  return found[0]?.[1] as string;
}

const t = suite('the image and its task definition');

t('have the same health check', () => {
  const ofImage = only(dockerfile, /^HEALTHCHECK (.*)$/);
  const ofTask = only(taskDefinition, /^ {4}healthCheck = \{\n([^}]*)\}/);
  const seconds = (option: string) => Number(only(ofImage, new RegExp(`--${option}=(\\d+)s`)));
  const value = (name: string) => JSON.parse(only(ofTask, new RegExp(`^ *${name} *= (.*)$`)));
  assert.equal(value('command'), ['CMD', ...JSON.parse(only(ofImage, /CMD (.*)$/))]);
  assert.is(value('interval'), seconds('interval'));
  assert.is(value('timeout'), seconds('timeout'));
  assert.is(value('startPeriod'), seconds('start-period'));
  assert.is(value('retries'), Number(only(ofImage, /--retries=(\d+)/)));
});

t('leave the controller the capabilities that it has on one machine, and no other', () => {
  const dropped = JSON.parse(only(taskDefinition, /capabilities = \{ add = \[\], drop = (\[.*\]) \}/));
  const left = DEFAULT_CAPABILITIES.filter((capability) => !dropped.includes(capability));
  assert.equal(left, CAPABILITIES);
  assert.equal(
    dropped.filter((capability: string) => !DEFAULT_CAPABILITIES.includes(capability)),
    [],
  );
});

t('agree on the proxy port and on the allocator', () => {
  const port = only(taskDefinition, /proxy_port *= (\d+)/);
  assert.is(only(dockerfile, /PROXY_PORT=(\d+)/), port);
  assert.is(only(dockerfile, /^EXPOSE (\d+)/), port);
  const threshold = only(taskDefinition, /MALLOC_MMAP_THRESHOLD_ += "(\d+)"/);
  assert.is(only(dockerfile, /MALLOC_MMAP_THRESHOLD_=(\d+)/), threshold);
});

t('write to /tmp only, and have one init process', () => {
  assert.is(only(dockerfile, /^VOLUME (.*)$/), only(taskDefinition, /containerPath = "([^"]*)"/));
  assert.is(only(dockerfile, /SESSION_ROOT=(\S+)/), '/tmp/wc');
  assert.is(JSON.parse(only(dockerfile, /^ENTRYPOINT (.*)$/))[0], 'tini');
  assert.is(only(taskDefinition, /initProcessEnabled = (\w+)/), 'false');
});

t('of the router have the same health check, port and user', () => {
  const image = readFileSync(`${ROOT}router/Dockerfile`, 'utf8');
  const task = readFileSync(`${ROOT}terraform/modules/router/main.tf`, 'utf8');
  const port = only(task, /^ {2}port *= (\d+)/);
  const healthCheck = only(task, /^ {2}health_check = "(.*)"$/).replaceAll(/\$\{local\.port\}/g, port);
  assert.equal(JSON.parse(only(image, /^HEALTHCHECK .*CMD (.*)$/)), ['node', '-e', healthCheck]);
  const ofTask = only(task, /^ {4}healthCheck = \{\n([^}]*)\}/);
  for (const [option, name] of [
    ['interval', 'interval'],
    ['timeout', 'timeout'],
    ['start-period', 'startPeriod'],
    ['retries', 'retries'],
  ] as const) {
    const value = only(ofTask, new RegExp(`^ *${name} *= (\\d+)$`));
    assert.is(only(image, new RegExp(`^HEALTHCHECK .*--${option}=(\\d+)`)), value, name);
  }
  assert.is(only(image, /^EXPOSE (\d+)/), port);
  assert.is(only(image, /PORT=(\d+)/), port);
  assert.is(only(image, /^USER (.*)$/), only(task, /user *= "(.*)"/));
});

const platformFile = () => readFileSync(`${ROOT}local/Dockerfile`, 'utf8');
const compose = () => readFileSync(`${ROOT}local/compose.yaml`, 'utf8');

/** From the base to the last step of the packages: what makes the layers with Chromium and its fonts. */
const chromeLayers = (file: string) => only(file, /^(FROM debian:[\s\S]*?fc-cache --force --system-only)$/);

t('of the platform has the very Chrome of the controller, so that who has both has it once', () => {
  assert.is(chromeLayers(platformFile()), chromeLayers(dockerfile));
});

t(
  'of the platform has the machine as an ordinary user, on a port that its compose file publishes on loopback',
  () => {
    const image = platformFile();
    const [uid = '', gid] = only(image, /^USER (.*)$/).split(':');
    assert.ok(Number(uid) > 0 && uid === gid);
    assert.is(only(image, /useradd --uid (\d+)/), uid);
    const port = only(image, /^EXPOSE (\d+)$/);
    assert.is(only(image, /^ {4}PORT=(\d+)/), port);
    assert.is(only(compose(), /^ {4}ports: \["(.*)"\]$/), `127.0.0.1:${port}:${port}`);
  },
);

t('of the platform keeps its data in the volume of its compose file, and asks for a key', () => {
  const [data] = JSON.parse(only(platformFile(), /^VOLUME (.*)$/));
  assert.is(only(platformFile(), /WALLCRAWLER_DATA_DIR=(\S+)/), data);
  assert.is(only(compose(), /^ {4}volumes: \["data:(.*)"\]$/), data);
  assert.match(compose(), /WALLCRAWLER_API_KEY: \$\{WALLCRAWLER_API_KEY:\?/);
  assert.not.match(platformFile(), /WALLCRAWLER_API_KEY=/);
});

t('of the platform has one init process, and time to end its sessions', () => {
  const entry: string[] = JSON.parse(only(platformFile(), /^ENTRYPOINT (.*)$/));
  assert.equal(entry.slice(entry.indexOf('tini')), ['tini', '--', 'start']);
  assert.is(only(platformFile(), /^STOPSIGNAL (.*)$/), 'SIGTERM');
  const limitMs = only(readFileSync(`${ROOT}local/index.ts`, 'utf8'), /^const STOP_LIMIT_MS = ([\d_]+);$/);
  const graceMs = Number(only(compose(), /stop_grace_period: (\d+)s/)) * 1000;
  assert.ok(graceMs > Number(limitMs.replace('_', '')), `${graceMs}`);
});

t('of the platform is tested as its compose file runs it', () => {
  const file = compose();
  const list = (name: string) => only(file, new RegExp(`^ {4}${name}: \\[(.*)\\]$`)).split(', ');
  const flags = [
    ...list('cap_drop').flatMap((name) => ['--cap-drop', name]),
    ...list('cap_add').flatMap((name) => ['--cap-add', name]),
    ...['--security-opt', only(file, /security_opt: \["(.*):true"\]/)],
    ...(/^ {4}read_only: true$/m.test(file) ? ['--read-only'] : []),
    ...['--shm-size', only(file, /shm_size: (\d+g)b/)],
  ];
  assert.equal(flags, COMPOSE_OPTIONS);
});

t('of the platform has every source that its machine runs, and no test', async () => {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['local/index.ts', 'apps/admin/index.ts'],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outdir: 'unused',
    write: false,
    metafile: true,
  });
  const rules = only(readFileSync(`${ROOT}.dockerignore`, 'utf8'), /^(\*\n[\s\S]*)$/).split('\n');
  const through = rules.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const inputs = [...Object.keys(metafile.inputs), 'functions/openapi.json', 'edge/viewer-request.js'];
  const missing = inputs.filter(
    (input) => !through.some((path) => input === path || input.startsWith(`${path}/`)),
  );
  assert.equal(missing, []);
  const copied = [...platformFile().matchAll(/^COPY (?!--)(\S+) \/opt/gm)].map(([, folder]) => folder);
  const folders = new Set(inputs.map((input) => input.split('/')[0] as string));
  const uncopied = [...folders].filter((folder) => !copied.some((name) => name?.split('/')[0] === folder));
  assert.equal(uncopied, []);
});

t('are built for what Fargate runs them on, where nobody says', () => {
  const script = readFileSync(`${ROOT}scripts/image.mjs`, 'utf8');
  for (const [part, module] of [
    ['controller', 'browsers'],
    ['router', 'router'],
  ]) {
    const built = only(script, new RegExp(`^ {2}${part}: \\{.*architecture: '(\\w+)'`));
    const variables = readFileSync(`${ROOT}terraform/modules/${module}/variables.tf`, 'utf8');
    assert.is(built, only(variables, /^variable "architecture" \{[^}]*default +=\s+"(\w+)"/), part);
    const platform = readFileSync(`${ROOT}terraform/modules/platform/variables.tf`, 'utf8');
    assert.is(built, only(platform, new RegExp(`^ {4}${module} += optional\\(string, "(\\w+)"\\)`)), part);
  }
});

const encoder = suite('the image of a function');

encoder('is run with the bundle that it has, for arm64, and with nothing that belongs to a zip', async () => {
  const platform = (await openPlatform(ROOT))({ image_tag: 'abc1234' });
  const inImages = platform
    .resources('aws_lambda_function')
    .filter((lambda) => lambda.get('package_type') === 'Image');
  const source = readFileSync(`${ROOT}functions/recordings/image/Dockerfile`, 'utf8');
  assert.equal(inImages.map(bundleOf), JSON.parse(only(source, /^CMD (.*)$/)));
  assert.ok(source.includes(`COPY dist/${inImages.map(bundleOf)[0]} `));
  for (const lambda of inImages) {
    for (const name of ['runtime', 'handler', 'filename', 'source_code_hash'])
      assert.is(lambda.get(name), null, name);
    assert.match(String(lambda.get('image_uri')), /:abc1234-arm64$/);
  }
  const { recordings } = platform.output('image_architectures') as { readonly recordings: string };
  assert.is(recordings, 'arm64');
});

t.run();
encoder.run();
