import { type Fleet, findHost, pipeToSshd, splitAddress } from "#fleet";
import {
  type AccessKeys,
  type HostAccess,
  HostUnreachableError,
  openPipe,
  PipeRefusedError,
  quoted,
  runOnHost,
  ssmKeys,
} from "#hosts";
import type { Settings } from "#platform";
import { readKey } from "#spiped";
import { HostRefusedError, RotationRefusedError } from "../failures.ts";
import { type HostReport, readReport } from "../host-report.ts";
import type { Hosts, HostVerb, Way } from "../ports.ts";

/** A verb takes ten seconds at most where a process does not end; a function has ninety for two ways in. */
const VERB_SECONDS = 35;
/** Two lines and two fingerprints. */
const OUTPUT_BYTES = 4096;

/** Hosts over SSH through their pipes, by the key that root's authorized_keys binds to the program `pipes`. */
export function sshHosts(settings: Settings, fleet: Fleet, keys: AccessKeys = ssmKeys(settings)): Hosts {
  return {
    ask: async (host, pipe, verb, way) => {
      const { tunnels } = fleet;
      if (tunnels === undefined) throw new RotationRefusedError("fleet.yml has no section tunnels any more");
      const { hostKey, keyParameter } = findHost(fleet, host);
      const access = {
        hostKey,
        pipeKeys: await keys.pipeKeys(keyParameter),
        user: "root",
        privateKey: await keys.privateKey(tunnels.sshKeyParameter),
      };
      return throughFirstOpen(waysIn(fleet, host, pipe, verb, way), (address) =>
        run({ address, ...access }, pipe, verb),
      );
    },
    shakeHands: async (address, key) => {
      (await openPipe(address, [readKey(key)])).on("error", () => undefined).destroy();
    },
  };
}

/**
 * Where to come in, in order. Only the pipe that leads to sshd has two doors for that, and only while it is rotated. The
 * door that a verb closes is none: promote closes the first for a moment, drop the second for good.
 */
function waysIn(fleet: Fleet, host: string, pipe: string, { verb }: HostVerb, way: Way): string[] {
  const { address, image } = findHost(fleet, host);
  const spec = fleet.images[image];
  if (spec === undefined || pipeToSshd(spec)?.[0] !== pipe) return [address];
  const { host: name, port } = splitAddress(address);
  const second = `${name}:${port + (fleet.tunnels?.secondPortOffset ?? 0)}`;
  if (verb === "promote") return [second];
  if (verb === "drop") return [address];
  return way === "first" ? [address, second] : [second, address];
}

async function throughFirstOpen(
  addresses: readonly string[],
  come: (address: string) => Promise<HostReport>,
): Promise<HostReport> {
  let failure: unknown;
  for (const address of addresses) {
    try {
      return await come(address);
    } catch (error) {
      // Nothing was run. Whatever else happened, the other door would lead to the same.
      if (!(error instanceof HostUnreachableError || error instanceof PipeRefusedError)) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

async function run(access: HostAccess, pipe: string, verb: HostVerb): Promise<HostReport> {
  const words = [verb.verb, pipe, ...("port" in verb ? [String(verb.port)] : [])];
  const { exitStatus, stdout, stderr } = await runOnHost(access, {
    command: words.join(" "),
    ...("key" in verb ? { input: `${verb.key.toString("base64")}\n` } : {}),
    timeoutSeconds: VERB_SECONDS,
    outputLimitBytes: OUTPUT_BYTES,
  });
  if (exitStatus === 0) return readReport(stdout);
  throw new HostRefusedError(
    `pipes ${words.join(" ")} ended with ${exitStatus ?? "a signal"}: ${quoted(stderr)}`,
  );
}
