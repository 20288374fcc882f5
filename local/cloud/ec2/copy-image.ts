import { cp } from "node:fs/promises";
import { join } from "node:path";
import { newId } from "../account.ts";
import { invalidValue } from "../aws-error.ts";
import { isTrue, type Params, requiredText } from "../form.ts";
import type { Ec2 } from "./ec2.ts";
import { onceByToken } from "./idempotency.ts";
import { requireAvailable } from "./image-state.ts";
import { noImage } from "./not-found.ts";
import type { Region } from "./region.ts";
import { registerImage, requireFreeName } from "./register-image.ts";
import type { Tags } from "./resources.ts";
import { specifiedTags } from "./tags.ts";

/** How long a copy between regions takes: about 6 minutes for 10 GiB. */
const COPY_SECONDS_PER_GIB = 36;

/** CopyImage, asked of the region that shall have the copy. */
export async function copyImage(ec2: Ec2, region: Region, params: Params) {
  const [imageId] = await onceByToken(region, "CopyImage", params, () => copyOnce(ec2, region, params));
  return { imageId };
}

async function copyOnce(ec2: Ec2, region: Region, params: Params): Promise<readonly string[]> {
  const { account } = ec2;
  const from = sourceRegion(ec2, requiredText(params, "SourceRegion"));
  const sourceId = requiredText(params, "SourceImageId");
  const source = from.image(sourceId);
  if (source === undefined) throw noImage([sourceId]);
  requireAvailable(account, source);
  const name = requireFreeName(region, params);
  const imageId = newId("ami");
  const { release, arch, flavour, filesystem, sizeGib, imdsSupport } = source;
  // CopyImageTags takes over the source's tags; those given in the request win (EC2 API, CopyImage).
  const inherited: Tags = isTrue(params, "CopyImageTags") ? source.tags : {};
  const image = registerImage(account, region, params, {
    ...{ release, arch, flavour, filesystem, sizeGib, imdsSupport },
    id: imageId,
    name,
    volumeId: "vol-ffffffff", // what DescribeSnapshots shows for the snapshot of a copy
    secondsPerGib: COPY_SECONDS_PER_GIB,
    fails: account.situations.has(`copy-failed@${region.name}`),
    imageTags: { ...inherited, ...specifiedTags(params, "image") },
    snapshotTags: specifiedTags(params, "snapshot"),
    sourceInstanceId: undefined,
    copiedFrom: { imageId: sourceId, region: from.name },
    tree: source.tree && {
      folder: join(account.folder, "images", imageId),
      problems: [...source.tree.problems],
    },
  });
  if (source.tree !== undefined && image.tree !== undefined) {
    await cp(source.tree.folder, image.tree.folder, { recursive: true, verbatimSymlinks: true });
  }
  return [imageId];
}

function sourceRegion(ec2: Ec2, name: string): Region {
  const region = ec2.region(name);
  if (region !== undefined) return region;
  throw invalidValue(
    `Invalid source region: ${name}. It does not exist, or this account has not enabled it.`,
  );
}
