import validate from 'contract:serveContract';
import { systemClock } from '../../core/clock/system-clock.ts';
import { api } from '../../core/http/api.ts';
import { ok } from '../../core/http/response.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import document from '../openapi.json' with { type: 'json' };
import { publicContract } from './public-contract.ts';

const contract = publicContract(document);

/** GET /openapi.json */
export const handler = api(
  { logger: createProcessLogger('serve-contract', process.env), clock: systemClock, validate },
  async () => ok(contract),
);
