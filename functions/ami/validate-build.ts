import type { Fleet } from "#fleet";
import { type Build, buildId, imageName } from "./build.ts";
import { BuildRefusedError } from "./failures.ts";
import { type FleetImage, fleetImage } from "./fleet-images.ts";
import type { Account, ImageStore, Secrets } from "./ports.ts";
import { TAG } from "./tags.ts";

export interface ValidationRequest {
  readonly stage: string;
  readonly fleet: Fleet;
  readonly image: string;
  readonly time: Date;
  readonly executionArn: string;
}

export interface ValidatedBuild {
  readonly build: Build;
  /** The image that an earlier run of this very build has made already. */
  readonly existingImageId: string | undefined;
}

/** Bytes of a spiped key, and how SSM holds them: base64 of 32 bytes. */
const KEY_BYTES = 32;

/**
 * Everything that can be refused before money is spent: the recipe compiles, the regions are enabled, the name is
 * free, the quota allows one more builder, the builder's memory holds its disk, and every pipe key is there.
 * @throws BuildRefusedError, FleetError
 */
export async function validateBuild(
  request: ValidationRequest,
  ports: { images: ImageStore; account: Account; secrets: Secrets },
): Promise<ValidatedBuild> {
  const image = fleetImage(request.fleet, request.image);
  const build = describeBuild(request, image);
  await requireRegions(build, ports.account);
  await requirePipeKeys(image, ports.secrets);
  const existingImageId = await findOwnImage(request.stage, build, ports.images);
  if (existingImageId === undefined) await requireRoom(image, build, ports.account);
  return { build, existingImageId };
}

function describeBuild(request: ValidationRequest, { spec, recipe }: FleetImage): Build {
  const id = buildId({
    stage: request.stage,
    image: request.image,
    time: request.time,
    release: spec.release,
    arch: spec.arch,
    recipeHash: recipe.hash,
  });
  return {
    id,
    image: request.image,
    imageName: imageName(request.stage, id),
    recipeHash: recipe.hash,
    release: spec.release,
    arch: spec.arch,
    homeRegion: request.fleet.regions.home,
    copyRegions: [...spec.copyTo],
    executionArn: request.executionArn,
  };
}

async function requireRegions(build: Build, account: Account): Promise<void> {
  const enabled = await account.enabledRegions();
  const missing = [build.homeRegion, ...build.copyRegions].filter((region) => !enabled.includes(region));
  if (missing.length > 0) {
    throw new BuildRefusedError(
      `region not enabled for this account: ${missing.join(", ")}. ` +
        "Enable it under Account, AWS Regions, or take it out of copyTo in fleet.yml",
    );
  }
}

async function requirePipeKeys({ recipe }: FleetImage, secrets: Secrets): Promise<void> {
  const values = await secrets.read(recipe.secrets.map(({ parameter }) => parameter));
  for (const [name, value] of values) {
    const bytes = Buffer.from(value, "base64").length;
    if (bytes !== KEY_BYTES) {
      throw new BuildRefusedError(`${name} holds ${bytes} bytes of base64, a spiped key is ${KEY_BYTES}`);
    }
  }
}

async function findOwnImage(stage: string, build: Build, images: ImageStore): Promise<string | undefined> {
  for (const region of [build.homeRegion, ...build.copyRegions]) {
    const existing = await images.findByName(region, build.imageName);
    if (existing === undefined) continue;
    if (existing.tags[TAG.build] !== build.id || existing.tags[TAG.stage] !== stage) {
      throw new BuildRefusedError(
        `the name ${build.imageName} is taken in ${region} by ${existing.id}, not ours`,
      );
    }
    if (region === build.homeRegion && existing.state !== "broken") return existing.id;
  }
  return undefined;
}

async function requireRoom({ spec }: FleetImage, build: Build, account: Account): Promise<void> {
  const type = await account.instanceType(spec.instanceType);
  if (type === undefined)
    throw new BuildRefusedError(`no instance type ${spec.instanceType} in the home region`);
  if (type.arch !== spec.arch) {
    throw new BuildRefusedError(`${spec.instanceType} is ${type.arch}, the image is ${spec.arch}`);
  }
  // A builder copies its whole root disk into a memory disk before it starts.
  if (type.memoryGib <= spec.rootVolumeGib) {
    throw new BuildRefusedError(
      `${spec.instanceType} has ${type.memoryGib} GiB of memory; a builder with a root volume of ` +
        `${spec.rootVolumeGib} GiB needs more than that`,
    );
  }
  // A run that died may have left this build's builder, which is taken up and needs no room besides its own.
  const { allowed, running } = await account.standardVcpus(build.id);
  if (running + type.vcpus > allowed) {
    throw new BuildRefusedError(
      `${running} of ${allowed} vCPUs are in use and ${spec.instanceType} needs ${type.vcpus}. ` +
        "Ask for more under Service Quotas, EC2, L-1216C47A",
    );
  }
}
