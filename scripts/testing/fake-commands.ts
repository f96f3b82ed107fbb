/** An installation's tree with recorded stand-ins for everything it runs on its PATH. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Writes down how it was called, fails if told to, and says what it is told to say.
const FAKE = `#!/bin/sh
name=$(basename "$0")
echo "$name $*" >> "$FAKES/calls"
[ -n "$FAIL_ON" ] && case "$name $*" in *"$FAIL_ON"*) echo "told to fail" >&2; exit 3 ;; esac
case "$name $*" in
  "git status"*) printf '%s' "$GIT_CHANGES" ;;
  "node scripts/image.mjs router"*) echo "$4:\${ROUTER_TAG:-$IMAGE_TAG}-$6" ;;
  "node scripts/image.mjs"*) echo "pushing layers"; echo "$4:$IMAGE_TAG-$6 $IMAGE_NOTE" ;;
  "aws ecr get-login-password"*) echo "a password" ;;
  "docker login"*) echo "docker was given: $(cat)" >> "$FAKES/calls" ;;
  terraform*" state pull") cat "$FAKES/state.json" ;;
  terraform*" output "*) cat "$FAKES/outputs.json" ;;
  terraform*" plan "*" -detailed-exitcode "*) echo "THE PLAN"; [ ! -f "$FAKES/outputs-after.json" ] || exit 2 ;;
  terraform*" plan "*) echo "THE PLAN" ;;
  terraform*" apply "*) [ -f "$FAKES/outputs-after.json" ] && mv "$FAKES/outputs-after.json" "$FAKES/outputs.json"; true ;;
esac
`;

/** All that is read of an environment's files. */
const MAIN = `output "image_architectures" {
  value = { controller = "arm64", recordings = "arm64", router = "x86_64" }
}
`;

type Outputs = Readonly<Record<string, string>>;

export interface FakeRun {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Outputs of the state, before and after the first apply; with the second, a targeted plan has something to make. */
  readonly outputs?: Outputs;
  readonly outputsAfter?: Outputs;
  /** The state, as `terraform state pull` prints it: nothing, where there is none yet. */
  readonly state?: object;
  /** Whether the environments have lock files; they do. */
  readonly isLocked?: boolean;
  /** What is typed; the input is closed after it. */
  readonly input?: string;
}

export interface FakeResult {
  readonly code: number | null;
  readonly output: string;
  /** Each command as it was called, with the plan's temporary folder left out. */
  readonly calls: readonly string[];
  /** Temporary files that are still there at the end. */
  readonly left: readonly string[];
}

const asJson = (outputs: Outputs): string =>
  JSON.stringify(Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value }])));

/** Runs `script` in a tree with the environments dev and prod. */
export async function runWithFakes(script: string, run: FakeRun): Promise<FakeResult> {
  const root = mkdtempSync(join(tmpdir(), 'deploy-'));
  const fakes = join(root, 'fakes');
  try {
    for (const environment of ['dev', 'prod']) {
      const folder = join(root, 'terraform/envs', environment);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'main.tf'), MAIN);
      if (run.isLocked !== false) writeFileSync(join(folder, '.terraform.lock.hcl'), '');
    }
    for (const folder of [fakes, join(root, 'tmp')]) mkdirSync(folder);
    for (const name of ['npm', 'node', 'git', 'terraform', 'aws', 'docker']) {
      writeFileSync(join(fakes, name), FAKE, { mode: 0o755 });
    }
    writeFileSync(join(fakes, 'outputs.json'), asJson(run.outputs ?? {}));
    writeFileSync(join(fakes, 'state.json'), run.state === undefined ? '' : JSON.stringify(run.state));
    if (run.outputsAfter) writeFileSync(join(fakes, 'outputs-after.json'), asJson(run.outputsAfter));
    writeFileSync(join(fakes, 'calls'), '');
    const env = {
      PATH: `${fakes}:/usr/bin:/bin`,
      TMPDIR: join(root, 'tmp'),
      FAKES: fakes,
      IMAGE_TAG: 'abc1234',
      WALLCRAWLER_STATE_BUCKET: 'state',
      ...run.env,
    };
    const child = spawn(process.execPath, [script, ...run.args], { cwd: root, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.stdin.end(run.input ?? '');
    await once(child, 'close');
    const calls = readFileSync(join(fakes, 'calls'), 'utf8').split('\n').filter(Boolean);
    return {
      code: child.exitCode,
      output,
      calls: calls.map((call) => call.replace(/[^\s=]*wallcrawler-plan-\w+/g, '<tmp>')),
      left: readdirSync(join(root, 'tmp')),
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
