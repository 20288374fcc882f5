import { parseAuthorizedKeys } from "../host/authorized-keys.ts";
import type { MachineSpec } from "./contract.ts";
import { type HostKey, shortHostKeys } from "./host-keys.ts";
import type { ProcessTrees } from "./process-trees.ts";
import { makeSshd } from "./sshd.ts";

/** What rc(8) starts at the end of a boot. */
export interface Services {
  /** @throws Error when sshd cannot have its port */
  start(): Promise<void>;
  end(): void;
}

/**
 * What one of FreeBSD's own images starts: sshd, for ec2-user with the key pair's key. Root may not log in
 * (sshd_config(5), PermitRootLogin).
 * @param root what its commands take for `/`
 */
export function freebsdServices(setting: {
  readonly spec: MachineSpec;
  readonly address: string;
  readonly hostKeys: readonly HostKey[];
  readonly trees: ProcessTrees;
  readonly root: string;
}): Services {
  const { spec, address, hostKeys, trees, root } = setting;
  const keys = parseAuthorizedKeys(spec.authorizedKey ?? "");
  const sshd = makeSshd({
    hostKeys: spec.faults.hostKeyMismatch === true ? shortHostKeys() : hostKeys,
    keysOf: (user) => (user === "ec2-user" ? keys : []),
    start: (command) => trees.start(command ?? "/bin/sh", root),
    onCommand: spec.onCommand ?? (async () => undefined),
  });
  return { start: () => sshd.listen({ host: address, port: spec.sshPort }), end: () => sshd.close() };
}
