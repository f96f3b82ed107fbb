import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
// @ts-expect-error plain JavaScript without types
import { withoutEventStreams } from './lean-packages-plugin.mjs';

const ROOT = dirname(import.meta.dirname);
const FUNCTIONS = ['create-session', 'list-sessions', 'sign-profile-url'];

const lean = suite('what no bundle needs');

for (const name of FUNCTIONS) {
  lean(`is not in ${name}`, () => {
    const { inputs } = JSON.parse(readFileSync(join(ROOT, 'dist', 'meta', `${name}.json`), 'utf8'));
    const packages = Object.keys(inputs).join('\n');
    assert.match(packages, 'core/aws/credentials/default-provider.ts');
    assert.not.match(
      packages,
      /credential-provider-(node|ini|sso|process|imds|login)|nested-clients|\/semver\//,
    );
  });

  lean(`keeps nothing of ${name} in a wrapper that is loaded later, and so cannot be left out`, () => {
    const code = readFileSync(join(ROOT, 'dist', name, 'index.js'), 'utf8');
    assert.not.match(code, /Promise\.resolve\(\)\.then\(\(\) ?=> ?\(/);
  });
}

lean('is looked at again when the SDK changes', () => {
  assert.is(
    withoutEventStreams('const { A } = await import("@smithy/core/event-streams");'),
    'const { A } = {};',
  );
  assert.throws(() => withoutEventStreams('something else'), /has changed/);
});

lean.run();
