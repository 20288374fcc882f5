import { randomBytes } from "node:crypto";
import type { Fleet } from "#fleet";
import { makeSshKey, type SshKeyPair } from "../builder/ssh-key.ts";

/*
 * The keys of rehearsed hosts, made once in each process: an image that was built with them can then be imported into
 * every account that the process sets up.
 */

const pipeKeys = new Map<string, string>();
const errandKeys = new Map<string, SshKeyPair>();

/** The key of a pipe as it lies in SSM: 32 bytes in base64. The same for the same parameter. */
export function pipeKeyOf(keyParameter: string): string {
  const key = pipeKeys.get(keyParameter) ?? randomBytes(32).toString("base64");
  pipeKeys.set(keyParameter, key);
  return key;
}

/** The SSH key pair of an errand ("updates", "tunnels"). The same for the same errand. */
export function errandKeyOf(errand: string): SshKeyPair {
  const pair = errandKeys.get(errand) ?? makeSshKey("ed25519");
  errandKeys.set(errand, pair);
  return pair;
}

/** The errands that a fleet has, with the parameter of each one's private key. */
export function errandsOf({ updates, tunnels }: Fleet): { errand: string; parameter: string }[] {
  return [
    ...(updates === undefined ? [] : [{ errand: "updates", parameter: updates.sshKeyParameter }]),
    ...(tunnels === undefined ? [] : [{ errand: "tunnels", parameter: tunnels.sshKeyParameter }]),
  ];
}

/** The fleet with the public keys of rehearsed errands, for the images to let in. */
export function withErrandKeys(fleet: Fleet): Fleet {
  const publicKey = (errand: string) => errandKeyOf(errand).public.split(" ").slice(0, 2).join(" ");
  const { updates, tunnels } = fleet;
  return {
    ...fleet,
    ...(updates === undefined ? {} : { updates: { ...updates, publicKey: publicKey("updates") } }),
    ...(tunnels === undefined ? {} : { tunnels: { ...tunnels, publicKey: publicKey("tunnels") } }),
  };
}
