import type { ClaimedAssignment } from '../../core/domain/claim.ts';
import type { Clock } from '../../core/domain/clock.ts';
import { WARM } from '../../core/domain/timing.ts';
import { logEvent } from '../../core/log/log-event.ts';
import type { Logger } from '../../core/log/logger.ts';
import { lineIdsOfAssignment } from '../assignment/assignment.ts';
import type { ClaimKey } from '../assignment/claim-key.ts';
import { Claims } from '../assignment/claims.ts';
import type { Host } from '../assignment/host.ts';
import type { Identity } from '../assignment/identity.ts';
import type { Warm } from '../assignment/warm.ts';
import { describeExit } from '../chrome/terminate.ts';
import { CallRefusedError } from '../container-api/container-api.ts';
import type { WarmApi } from '../container-api/warm-api.ts';
import { type BootedContainer, boot } from './boot.ts';
import { type Browser, DEFAULT_LAUNCH, startBrowser } from './browser.ts';
import { type CurrentLogger, createCurrentLogger } from './current-logger.ts';
import { rehearseClaim } from './rehearse-claim.ts';
import { SessionResources } from './resources.ts';
import type { Runs } from './runs.ts';
import type { SessionFolder } from './session-folder.ts';
import { stepLog } from './start.ts';
import { startWarmHeartbeat } from './warm-heartbeat.ts';

export interface WarmDeps {
  readonly warm: Warm;
  readonly identity: Pick<Identity, 'publicKeys'>;
  readonly host: Host;
  readonly key: ClaimKey;
  readonly api: WarmApi;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How a container ends that nobody has claimed. */
export interface Unclaimed {
  readonly exitCode: number;
}

/** What its session takes over. */
export interface Claimed {
  readonly assignment: ClaimedAssignment;
  readonly container: BootedContainer;
  readonly resources: SessionResources;
  readonly claims: Claims;
  readonly logger: CurrentLogger;
}

/** A container that runs without a session: until it is claimed, or ends by itself and leaves nothing. */
export class WarmContainer implements Runs {
  readonly #deps: WarmDeps;
  readonly #resources = new SessionResources();
  readonly #claims: Claims;
  readonly #logger: CurrentLogger;
  readonly #leaving = new AbortController();
  readonly #left = Promise.withResolvers<Unclaimed>();

  constructor(deps: WarmDeps) {
    const { warm, identity, key, clock, logger } = deps;
    this.#deps = deps;
    this.#logger = createCurrentLogger(logger, { warmId: warm.warmId });
    this.#claims = new Claims({ warmId: warm.warmId, publicKeys: identity.publicKeys, key, clock });
  }

  async run(): Promise<Claimed | Unclaimed> {
    const { warm, clock } = this.#deps;
    const overdueMs = warm.untilMs + WARM.overdueMs - clock.now();
    const cancelOverdue = clock.setTimer(overdueMs, () => this.#leave('Nobody claimed it in its time'));
    const booting = this.#boot();
    const outcome = await Promise.race([this.#left.promise, this.#claimed(booting)]);
    cancelOverdue();
    if ('exitCode' in outcome) {
      await booting.catch(() => undefined);
      await this.#cleanUp();
    }
    return outcome;
  }

  /** The platform stops the container: there is nothing to save. */
  stop(): void {
    this.#leave('It was stopped');
  }

  fail(error: unknown): void {
    this.#deps.logger.error('the controller failed', { warmId: this.#deps.warm.warmId, error });
    this.#leave('The controller failed', 1);
  }

  abandon(): void {
    this.#resources.abandon();
  }

  async #claimed(booting: Promise<BootedContainer>): Promise<Claimed> {
    const assignment = await this.#claims.next();
    const [claims, resources, logger] = [this.#claims, this.#resources, this.#logger];
    logger.about({ warmId: this.#deps.warm.warmId, ...lineIdsOfAssignment(assignment) });
    const sinceProcessStartMs = Math.round(performance.now());
    logEvent(logger.logger, 'container.assigned', { outcome: 'warm', sinceProcessStartMs });
    // The report that it can be claimed has become pointless.
    this.#leaving.abort();
    return { assignment, container: await booting, resources, claims, logger };
  }

  async #boot(): Promise<BootedContainer> {
    const { warm } = this.#deps;
    const { logger } = this.#logger;
    const log = stepLog({ ...this.#deps, logger });
    const booting = boot({
      ...this.#deps,
      logger,
      resources: this.#resources,
      name: warm.warmId,
      openBrowser: (folder) => this.#openBrowser(folder),
      claims: this.#claims,
    });
    booting
      .then((container) => this.#offer(container, log))
      .catch((error: unknown) => {
        if (error instanceof CallRefusedError) return this.#leave(error.message);
        if (!this.#leaving.signal.aborted) logger.error('the container is not warm', { error });
        this.#leave((error as Error).message, 1);
      });
    return booting;
  }

  async #offer(
    { browser, port, origin, proxy, prove }: BootedContainer,
    log: ReturnType<typeof stepLog>,
  ): Promise<void> {
    const { api, key, warm } = this.#deps;
    const { sandbox } = browser;
    proxy.attach(browser.chrome.connection);
    const product = await prove();
    await rehearseClaim({ origin, token: warm.token, key });
    // Before the report: its answer may be slower than the first claim.
    this.#claims.open();
    log('warm', { product, sandbox, port });
    const report = { publicKey: key.publicKey, sandbox };
    const { signal } = this.#leaving;
    await api.reportReady(report, { signal });
    log('can be claimed');
    const { logger } = this.#logger;
    startWarmHeartbeat({ ...this.#deps, logger }, report, { signal, onUnwanted: (why) => this.#leave(why) });
  }

  async #openBrowser(folder: SessionFolder): Promise<Browser> {
    const { logger } = this.#logger;
    const { signal } = this.#leaving;
    const { egress } = this.#resources;
    const settings = DEFAULT_LAUNCH;
    const browser = await startBrowser({ ...this.#deps, settings, folder, egress, logger, signal });
    this.#resources.chrome = browser.chrome;
    void browser.chrome.exited.then((exit) => this.#leave(describeExit(exit, browser.chrome), 1));
    return browser;
  }

  /** Not when it has been claimed: then it is the session's business. */
  #leave(why: string, exitCode = 0): void {
    if (this.#leaving.signal.aborted || !this.#claims.close()) return;
    this.#leaving.abort();
    this.#logger.logger.info('warm container ends unclaimed', { why });
    this.#left.resolve({ exitCode });
  }

  async #cleanUp(): Promise<void> {
    await this.#resources.browserSettled;
    const { chrome, proxy, folder, egress } = this.#resources;
    this.#resources.abandon();
    await chrome?.exited;
    egress?.close();
    await folder?.remove();
    await proxy?.close();
    this.#resources.release();
  }
}
