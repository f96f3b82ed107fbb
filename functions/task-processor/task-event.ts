import type { EndReason } from '../../core/domain/end-reason.ts';
import type { Address } from '../../core/domain/session.ts';

/** The parts of an "ECS Task State Change" that matter here (Amazon ECS developer guide, "Amazon ECS events"). */
export interface TaskStateChange {
  readonly detail: {
    readonly taskArn: string;
    readonly lastStatus: string;
    readonly desiredStatus?: string;
    readonly startedBy?: string;
    readonly stoppedReason?: string;
    readonly stopCode?: string;
    readonly containers?: readonly TaskContainer[];
    readonly attachments?: readonly {
      readonly type?: string;
      readonly details?: readonly { readonly name: string; readonly value: string }[];
    }[];
  };
}

interface TaskContainer {
  readonly name?: string;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly networkBindings?: readonly {
    readonly bindIP?: string;
    readonly containerPort?: number;
    readonly hostPort?: number;
  }[];
  readonly networkInterfaces?: readonly { readonly privateIpv4Address?: string }[];
}

/** The port of the proxy inside a container (architecture, section 6). */
export const PROXY_PORT = 9223;

/**
 * Where the task's proxy is reached: at its port on the host, where the host maps ports, otherwise at the address of
 * the task's own network interface. Undefined as long as the event has neither.
 */
export function addressOf({ detail }: TaskStateChange): Address | undefined {
  for (const { networkBindings = [] } of detail.containers ?? []) {
    const binding = networkBindings.find(({ containerPort }) => containerPort === PROXY_PORT);
    if (binding?.bindIP && binding.hostPort) return { host: binding.bindIP, port: binding.hostPort };
  }
  const host = privateAddressOf(detail);
  return host === undefined ? undefined : { host, port: PROXY_PORT };
}

function privateAddressOf(detail: TaskStateChange['detail']): string | undefined {
  const interfaces = (detail.containers ?? []).flatMap(({ networkInterfaces = [] }) => networkInterfaces);
  const attached = (detail.attachments ?? []).flatMap(({ details = [] }) => details);
  return (
    interfaces.find(({ privateIpv4Address }) => privateIpv4Address)?.privateIpv4Address ??
    attached.find(({ name }) => name === 'privateIPv4Address')?.value
  );
}

/** The id of the task's own network interface; undefined as long as the event has none. */
export function networkInterfaceOf({ detail }: TaskStateChange): string | undefined {
  const attached = (detail.attachments ?? []).flatMap(({ details = [] }) => details);
  return attached.find(({ name }) => name === 'networkInterfaceId')?.value;
}

/** Why a task stopped, as one line: ECS's reason, then each container's exit code and reason. */
export function describeStop({ detail }: TaskStateChange): string {
  const containers = (detail.containers ?? []).map(({ name, exitCode, reason }) => {
    const exit = exitCode === undefined ? 'did not exit by itself' : `exit code ${exitCode}`;
    return `${name ?? 'container'}: ${exit}${reason ? ` (${reason})` : ''}`;
  });
  return [detail.stoppedReason ?? 'The task stopped', ...containers].join('; ');
}

// ECS's code for it, and its sentence: its own examples have had another code beside that.
const SPOT_CODE = 'SpotInterruption';
const SPOT_REASON = /^Your Spot Task was interrupted/;

/** Whether AWS takes the task's Spot capacity back: said two minutes before the task is killed, and again when it has stopped. */
export const isSpotReclaim = ({ detail: { stopCode, stoppedReason = '' } }: TaskStateChange): boolean =>
  stopCode === SPOT_CODE || SPOT_REASON.test(stoppedReason);

// ECS's own word for it, before its sentence. Of a container that ended well it tells of a process that was killed before.
const OUT_OF_MEMORY = /^OutOfMemory(?:Error)?\b/;

const isOutOfMemory = ({ detail: { containers = [] } }: TaskStateChange): boolean =>
  containers.some(({ reason = '', exitCode }) => OUT_OF_MEMORY.test(reason) && exitCode !== 0);

/** Why the session of a task that has stopped ends, if nobody has said so before. */
export function endReasonOf(event: TaskStateChange): EndReason {
  if (isSpotReclaim(event)) return 'spot_reclaimed';
  return isOutOfMemory(event) ? 'out_of_memory' : 'container_lost';
}
