import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const HTTP_PROTOCOL = /[\\/]@smithy[\\/]core[\\/]dist-es[\\/]submodules[\\/]protocols[\\/]HttpProtocol\.js$/;
const EVENT_STREAMS = 'await import("@smithy/core/event-streams")';
const NODE_CHECKS =
  /[\\/]jsonwebtoken[\\/]lib[\\/](?:psSupported|asymmetricKeyDetailsSupported|rsaPssKeyDetailsSupported)\.js$/;

/** Of a call whose answer is a stream of events. We make none. Throws when the SDK no longer looks like this. */
export function withoutEventStreams(source) {
  if (!source.includes(EVENT_STREAMS))
    throw new Error('HttpProtocol of @smithy/core has changed: look again what it imports');
  return source.replaceAll(EVENT_STREAMS, '{}');
}

/**
 * Leaves out what no bundle ever uses and every cold start pays for.
 *
 * The AWS SDK's chain of credentials asks profiles, SSO and EC2 too, by dynamic imports; esbuild keeps what those share with
 * the rest in wrappers that cannot be tree-shaken. jsonwebtoken brings semver, to ask whether Node is older than 16.
 */
export const leanPackagesPlugin = (root) => ({
  name: 'lean-packages',
  setup(build) {
    const path = join(root, 'core', 'aws', 'credentials', 'default-provider.ts');
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({ path }));
    build.onLoad({ filter: HTTP_PROTOCOL }, async ({ path: file }) => ({
      contents: withoutEventStreams(await readFile(file, 'utf8')),
      loader: 'js',
    }));
    build.onLoad({ filter: NODE_CHECKS }, () => ({ contents: 'module.exports = true;', loader: 'js' }));
  },
});
