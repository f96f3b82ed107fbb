/** The container images of an environment: which there are, what for, and how they get into their repositories. */
import { capture, pipe, StepFailedError } from './steps.mjs';

/** `output` names the repository. An environment without a router has no such output, or an empty one. */
export const IMAGES = [
  {
    name: 'controller',
    output: 'repository_url',
    target: 'module.platform.module.browsers.module.image',
  },
  {
    name: 'recordings',
    output: 'recordings_repository_url',
    target: 'module.platform.module.recordings_image',
  },
  // Terraform passes over a target that is not there.
  {
    name: 'router',
    output: 'router_repository_url',
    target: 'module.platform.module.router[0].module.image',
  },
];

const hostOf = (repository) => repository.split('/')[0];

/** ECR's passwords are valid for twelve hours, and docker keeps this one where it keeps all of them. */
const logIn = (host, region) =>
  pipe(
    `docker login, ${host}`,
    ['aws', ['ecr', 'get-login-password', '--region', region]],
    ['docker', ['login', '--username', 'AWS', '--password-stdin', host]],
  );

/**
 * What each image is to be for, by its name. As the files say: the state knows what it was for at the last apply, and the
 * images are there before the next.
 */
export async function readArchitectures(folder) {
  // Not before it is needed: it loads a parser.
  const { openTerraform } = await import('../../terraform/reader/platform.ts');
  const plan = await openTerraform(process.cwd());
  return plan(folder, {}).output('image_architectures');
}

/** The tag is what follows the repository's name in the last line that has it, without what the image is for. */
function readTag({ name, repository, architecture }, printed) {
  const start = `${repository}:`;
  const line = printed.split('\n').findLast((text) => text.includes(start));
  const tag = /^[\w.-]+/.exec(line?.slice(line.indexOf(start) + start.length) ?? '')?.[0];
  const end = `-${architecture}`;
  if (!tag?.endsWith(end) || tag === end)
    throw new StepFailedError(`image ${name}: scripts/image.mjs told no ${start}<tag>${end}`);
  return tag.slice(0, -end.length);
}

/** Builds and pushes each image, unless its commit has been pushed before. Returns the one tag of them all. */
export async function pushImages(images, { outputs, region, architectures }) {
  for (const host of new Set(images.map(({ output }) => hostOf(outputs[output])))) await logIn(host, region);
  const tags = new Set();
  for (const { name, output } of images) {
    const repository = outputs[output];
    const architecture = architectures[name];
    const words = [name, '--push', repository, '--architecture', architecture];
    const printed = await capture(`image ${name}`, 'node', ['scripts/image.mjs', ...words]);
    tags.add(readTag({ name, repository, architecture }, printed));
  }
  // The tag is the commit: two of them mean that somebody committed in between.
  if (tags.size !== 1)
    throw new StepFailedError(`The images are of several commits: ${[...tags].join(', ')}`);
  const [tag] = tags;
  console.log(`\n== images: ${tag}`);
  return tag;
}
