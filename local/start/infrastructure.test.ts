import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AWS_ENDPOINT } from '../../terraform/reader/stand-ins.ts';
import { functionSpecs, NotBuilt, readInfrastructure, requireBundles } from './infrastructure.ts';

const t = suite('the infrastructure of one machine');

t('is read anew each time, as the build has written it', () => {
  const infrastructure = readInfrastructure();
  assert.is.not(readInfrastructure(), infrastructure);
  assert.equal(readInfrastructure(), infrastructure);
  assert.is(infrastructure.region, 'us-west-2');
});

t('has functions that are told where the stand-ins are, and else what the Terraform says', () => {
  const infrastructure = readInfrastructure();
  const specs = functionSpecs(infrastructure, 'http://127.0.0.1:1');
  assert.not.match(JSON.stringify(specs), AWS_ENDPOINT);
  assert.equal(Object.keys(specs), Object.keys(infrastructure.functions));
  const { environment, timeoutSeconds } = specs['create-session'] ?? {};
  const ready = infrastructure.queues.filter(({ handTo }) => handTo === undefined);
  const urls = ready.map(({ name }) => `http://127.0.0.1:1/000000000000/${name}`);
  assert.equal(environment?.READY_QUEUE_URLS?.split(',').sort(), urls.sort());
  assert.is(timeoutSeconds, infrastructure.functions['create-session']?.timeoutSeconds);
  assert.match(JSON.stringify(infrastructure), AWS_ENDPOINT, 'what was read stays as it is');
});

t('is not complete without the bundle of every function and every container', () => {
  const infrastructure = readInfrastructure();
  requireBundles(infrastructure);
  const { browsers } = infrastructure.tasks;
  const more = {
    ...infrastructure,
    functions: {
      ...infrastructure.functions,
      'not-there': { timeoutSeconds: 1, environment: {}, role: 'r', statements: [] },
    },
    tasks: { ...infrastructure.tasks, encoders: { ...browsers, container: 'encoder' } },
  } as typeof infrastructure;
  assert.throws(
    () => requireBundles(more),
    (error: Error) =>
      error instanceof NotBuilt && error.message === 'dist/ lacks not-there, encoder: run "npm run build"',
  );
});

t.run();
