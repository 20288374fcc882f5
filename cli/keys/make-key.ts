import { randomBytes } from "node:crypto";
import ssh2 from "ssh2";
import { PIPE_KEY_BYTES, pipeKeyBytes } from "#hosts";
import { fingerprintOf } from "../../functions/tunnels/fingerprint.ts";
import type { Place } from "../../infra/place.ts";
import type { Parameters } from "../deployed/parameters.ts";
import { OperatorError } from "../operator-error.ts";

/** The two regions in the order in which a key is put there. */
const ORDER: readonly Place[] = ["home", "watch"];

/**
 * Makes a key of a pipe in both regions. Where one region has a key, the other gets the same: whoever was interrupted does it
 * once more. Nothing is ever replaced. @throws OperatorError when both have one
 */
export async function makePipeKey(
  parameters: Readonly<Record<Place, Parameters>>,
  name: string,
): Promise<{ readonly fingerprint: string; readonly made: Place[] }> {
  const standing = await valuesOf(parameters, name);
  const isThere = ORDER.filter((place) => standing[place] !== undefined);
  if (isThere.length === ORDER.length) {
    const differ = standing.home?.trim() !== standing.watch?.trim();
    throw new OperatorError(
      differ
        ? `${name} is in both regions, and not the same`
        : `there is a key ${name} already, and it stays`,
      differ
        ? "Find out which one is in use (nightshift keys list), delete the other, and do this again."
        : "To change it: nightshift keys rotate NAME",
    );
  }
  let value = standing.home ?? standing.watch ?? randomBytes(PIPE_KEY_BYTES).toString("base64");
  pipeKeyBytes(value, name);
  for (const place of ORDER) {
    if (standing[place] !== undefined) continue;
    const isOurs = await parameters[place].putSecret(name, value, "Key of a spiped pipe of nightshift's");
    // Of two at once, one makes it at home, and both take that one to the other region.
    if (!isOurs) value = (await parameters[place].read(name)) ?? value;
  }
  const { home, watch } = await valuesOf(parameters, name);
  if (home === undefined || home !== watch)
    throw new OperatorError(
      `${name} was made by somebody else at the same time`,
      "Look at it: nightshift keys list",
    );
  return {
    fingerprint: fingerprintOf(pipeKeyBytes(home, name)),
    made: ORDER.filter((one) => !isThere.includes(one)),
  };
}

async function valuesOf(parameters: Readonly<Record<Place, Parameters>>, name: string) {
  return { home: await parameters.home.read(name), watch: await parameters.watch.read(name) };
}

/**
 * The public half of the SSH key in a parameter, "ssh-ed25519 AAAA...", which is made where there is none. Only the private
 * half is kept. @throws OperatorError when something else is there
 */
export async function makeSshKey(
  parameters: Parameters,
  name: string,
): Promise<{ readonly publicKey: string; readonly isNew: boolean }> {
  const pair = ssh2.utils.generateKeyPairSync("ed25519", { comment: "nightshift" });
  const isNew = await parameters.putSecret(name, pair.private, "SSH key of nightshift's functions");
  const kept = ssh2.utils.parseKey((await parameters.read(name)) ?? "");
  if (kept instanceof Error || !kept.isPrivateKey())
    throw new OperatorError(`${name} holds no private SSH key`, "Delete it, and do this again.");
  return { publicKey: `${kept.type} ${kept.getPublicSSH().toString("base64")}`, isNew };
}
