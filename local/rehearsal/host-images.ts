import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { findImage } from "#fleet";
import { pointerName } from "../../functions/ami/build.ts";
import { builtTree } from "./host-tree.ts";
import type { ClientOptions } from "./prepared-account.ts";
import { type RehearsalStage, STAGE } from "./stage.ts";

/** Where the images of hosts come from: `imported` from builtTree, or `built` by the machine ami-build, which takes long. */
export type ImageOrigin = "imported" | "built";

/**
 * Puts images of the fleet into the home region, with their pointers. Returns their ids by name.
 * @throws Error when a build fails
 */
export function hostImages(
  stage: RehearsalStage,
  origin: ImageOrigin,
  names: readonly string[],
  client: ClientOptions,
): Promise<Map<string, string>> {
  return origin === "imported" ? importImages(stage, names, client) : buildImages(stage, names, client);
}

/** Registers images, and moves their pointers. Returns their ids by name. */
async function importImages(
  { cloud, fleet }: RehearsalStage,
  names: readonly string[],
  client: ClientOptions,
): Promise<Map<string, string>> {
  const ssm = new SSMClient(client);
  const ids = new Map<string, string>();
  for (const name of names) {
    const { release, arch, filesystem, rootVolumeGib: sizeGib } = findImage(fleet, name);
    const tree = await builtTree(fleet, name);
    const built = { release, arch, filesystem, sizeGib, flavour: "base", tree } as const;
    const Value = cloud.registerBuiltImage(client.region, { ...built, name: `nightshift-${name}-imported` });
    await ssm.send(new PutParameterCommand({ Name: pointerName(STAGE, name), Value, Type: "String" }));
    ids.set(name, Value);
  }
  ssm.destroy();
  return ids;
}

/** Builds images as the schedule does. Returns their ids by name. @throws Error when a build fails */
async function buildImages(
  stage: RehearsalStage,
  names: readonly string[],
  client: ClientOptions,
): Promise<Map<string, string>> {
  const ssm = new SSMClient(client);
  const ids = new Map<string, string>();
  const { engine, door } = await stage.powerUp();
  for (const name of names) {
    const input = { image: name, time: stage.clock.now().toISOString() };
    const { outcome } = await engine.start("ami-build", `hosts-${name}`, input);
    const { status } = await outcome;
    if (status !== "SUCCEEDED") throw new Error(`the image ${name} of the hosts was not built`);
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: pointerName(STAGE, name) }));
    ids.set(name, Parameter?.Value ?? "");
  }
  await door.close();
  ssm.destroy();
  return ids;
}
