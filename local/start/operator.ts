import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { scanAll } from '../../core/aws/dynamodb/scan-all.ts';
import { listWarmSlots } from '../../core/aws/pool/list-warm-slots.ts';
import { METRICS } from '../../core/domain/metrics.ts';
import type { Project } from '../../core/domain/project.ts';
import { prometheusNameOf } from '../../core/domain/prometheus-name.ts';
import type { WarmContainer, WarmStatus } from '../../core/domain/warm-container.ts';
import { createMetrics } from '../../core/server/metrics.ts';
import type { RouterDoor } from '../front/router-door.ts';
import type { OperatorDeps } from '../front/serve-operator.ts';
import type { Running } from './run-bundles.ts';
import type { OnStop } from './start-in-order.ts';
import type { SessionWatch } from './watch-sessions.ts';

/** How many containers wait for a session, and how many are about to. */
export function poolMetrics(slots: readonly Pick<WarmContainer, 'status'>[]): string {
  const metrics = createMetrics();
  const count = (wanted: WarmStatus) => slots.filter(({ status }) => status === wanted).length;
  const { WarmAvailable, WarmStarting } = METRICS;
  metrics.gauge(prometheusNameOf('WarmAvailable', WarmAvailable), () => count('AVAILABLE'));
  metrics.gauge(prometheusNameOf('WarmStarting', WarmStarting), () => count('STARTING'));
  return metrics.render();
}

/** What the operator's answers are made of. The projects are read each time: their owner changes them while it runs. */
export function createOperator(
  { infrastructure, endpoint, credentials, config, logger, now }: Running,
  { apiKey, router, watch }: { apiKey: string; router: RouterDoor | undefined; watch: SessionWatch },
  onStop: OnStop,
): OperatorDeps {
  const { region, tables } = infrastructure;
  const client = createDocumentClient({ endpoint, credentials, region });
  onStop('operator', () => client.destroy());
  const limit = async (): Promise<number> => {
    const projects = await scanAll<Project>({ client, tableName: tables.projects.name });
    return projects.reduce((sum, { concurrency }) => sum + concurrency, 0);
  };
  const routerMetrics = async (): Promise<string> => {
    const port = router?.port();
    return port === undefined ? '' : (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  };
  const pool = { client, tableName: tables.warmPool.name };
  const moreMetrics = async (): Promise<string> =>
    `${poolMetrics(await listWarmSlots(pool))}${await routerMetrics()}`;
  watch.metrics.gauge('wallcrawler_machine_resident_bytes', () => process.memoryUsage.rss());
  const { load, metrics } = watch;
  const onFault = (error: unknown) => logger.error('How full the machine is cannot be read', { error });
  return { apiKey, servesOthers: config.servesOthers, metrics, moreMetrics, load, limit, now, onFault };
}
