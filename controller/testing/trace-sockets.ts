/** Which sockets a program and its children use: strace, of Linux, before the program. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CALLS = 'connect,sendto,sendmsg,sendmmsg';
const IS_CALL =
  /\b(connect|sendto|sendmsg|sendmmsg)\((\d+)<(TCP|UDP|TCPv6|UDPv6|UNIX|NETLINK|[^:>]*)[^>]*>+,?(.*)$/;

export interface SocketCall {
  readonly call: string;
  /** `TCP`, `UDP`, with `v6` or without. */
  readonly protocol: string;
  /** The rest of the line, with the address if there is one. */
  readonly rest: string;
}

/** A program that runs `executable` under strace, and what was seen of the internet's protocols since the last look. */
export function traceSockets(executable: string, folder: string) {
  const traces = join(folder, 'traces');
  mkdirSync(traces, { recursive: true });
  // Chrome runs as another user.
  chmodSync(folder, 0o755);
  chmodSync(traces, 0o777);
  const program = join(folder, 'chrome');
  const strace = `strace --seccomp-bpf -f -yy -s 0 -e trace=${CALLS} -o ${traces}/$$`;
  writeFileSync(program, `#!/bin/sh\nexec ${strace} ${executable} "$@"\n`);
  chmodSync(program, 0o755);
  return {
    program,
    take(): readonly SocketCall[] {
      const files = readdirSync(traces).map((name) => join(traces, name));
      const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n'));
      for (const file of files) rmSync(file);
      return lines.flatMap((line) => {
        const [, call = '', , protocol = '', rest = ''] = IS_CALL.exec(line) ?? [];
        return /^(TCP|UDP)/.test(protocol) ? [{ call, protocol, rest }] : [];
      });
    },
  };
}
