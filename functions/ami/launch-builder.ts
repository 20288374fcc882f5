import type { ImageSpec } from "#fleet";
import { type Build, type Claim, clientToken, keyParameterName, resourceName } from "./build.ts";
import { BuilderLostError } from "./failures.ts";
import type { Access, BuilderPool } from "./ports.ts";
import type { Source } from "./resolve-source.ts";
import { TAG, temporaryTags } from "./tags.ts";

export interface LaunchRequest {
  readonly stage: string;
  readonly spec: ImageSpec;
  readonly build: Build;
  readonly claim: Claim;
  readonly source: Source;
}

/**
 * Launches the builder with its key pair and its door, or takes up the one that an earlier run of this build
 * launched. Returns the instance's id.
 * @throws NoCapacityError (worth another try later), BuildRefusedError (quota), BuilderLostError
 */
export async function launchBuilder(
  request: LaunchRequest,
  ports: { access: Access; pool: BuilderPool },
): Promise<string> {
  const { stage, spec, build, claim, source } = request;
  const tags = temporaryTags(stage, build, claim);
  const name = resourceName(stage, build.id);

  const earlier = await ports.pool.listByTags({ [TAG.stage]: stage, [TAG.build]: build.id });
  const alive = earlier.find(({ state }) => state === "pending" || state === "running");
  if (alive !== undefined) return alive.id;

  await ports.access.ensureKeyPair(name, keyParameterName(stage, build.id), tags);
  const securityGroupId = await ports.access.ensureDoor(name, tags);
  const builder = await ports.pool.launch({
    imageId: source.imageId,
    rootDeviceName: source.rootDeviceName,
    rootVolumeGib: spec.rootVolumeGib,
    instanceType: spec.instanceType,
    keyName: name,
    securityGroupId,
    tags,
    // EC2 answers a used token with the instance it made then, dead or alive; each dead one moves the count on.
    token: clientToken(build, claim, "launch", earlier.length),
  });
  if (builder.state === "gone" || builder.state === "stopping") {
    throw new BuilderLostError(`builder ${builder.id} is ${builder.state}: ${builder.stateReason}`);
  }
  return builder.id;
}
