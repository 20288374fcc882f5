import { newId } from "../account.ts";
import type { BuiltImage } from "../contract.ts";
import type { Ec2 } from "./ec2.ts";
import { registerImage } from "./register-image.ts";

/** Puts an image that was built elsewhere into a region, as if a build had just ended there. Returns its id. */
export function registerBuiltImage(ec2: Ec2, regionName: string, built: BuiltImage): string {
  const region = ec2.region(regionName);
  if (region === undefined) throw new Error(`the rehearsed account has no region ${regionName}`);
  const { tree, ...release } = built;
  const image = registerImage(
    ec2.account,
    region,
    {},
    {
      ...release,
      id: newId("ami"),
      volumeId: newId("vol"),
      secondsPerGib: 0,
      fails: false,
      imageTags: {},
      snapshotTags: {},
      sourceInstanceId: undefined,
      copiedFrom: undefined,
      imdsSupport: "v2.0",
      tree: { folder: tree, problems: [] },
    },
  );
  return image.id;
}
