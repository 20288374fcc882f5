import { z } from "#platform";
import { crossCheckImage } from "./cross-references.ts";
import { Region } from "./field-types.ts";
import { FileSchema } from "./files.ts";
import { DEFAULT_INSTANCE_TYPE } from "./instance-types.ts";
import { PackageRepositorySchema } from "./package-repository.ts";
import { PipesSchema } from "./pipes.ts";
import {
  CronJobSchema,
  DnsCacheSchema,
  MailRelaySchema,
  RcConfSchema,
  ServicesSchema,
  UpdatesSchema,
} from "./services.ts";

/** A machine image as written in fleet.yml. */
export const ImageAsWrittenSchema = z.strictObject({
  release: z
    .string(
      'expected a release in quotes, for example "15.1" (without quotes 15.10 would be the number 15.1)',
    )
    .regex(/^1[45]\.\d{1,2}$/, 'expected a FreeBSD release of branch 14 or 15, for example "15.1"')
    .meta({ description: 'FreeBSD release, quoted: "15.1"' }),
  arch: z
    .enum(["amd64", "arm64"])
    .default("amd64")
    .meta({ description: "Architecture, as FreeBSD calls it" }),
  filesystem: z.enum(["ufs", "zfs"]).default("ufs").meta({ description: "File system of the root disk" }),
  flavour: z
    .enum(["builder"])
    .default("builder")
    .meta({ description: "FreeBSD's image to start from: the one that mounts a clean disk on /mnt" }),
  sourceAmi: z
    .string()
    .regex(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/, "expected an image id such as ami-0123456789abcdef0")
    .optional()
    .meta({
      description: "Builder AMI to start from instead of the one that FreeBSD publishes for the release",
    }),
  rootVolumeGib: z
    .int("expected whole gibibytes")
    .min(8, "expected 8 GiB or more, the size of FreeBSD's images")
    .max(256, "expected 256 GiB or less, a builder keeps it in memory")
    .default(10)
    .meta({ description: "Size of the root disk in GiB" }),
  instanceType: z
    .string()
    .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, "expected an instance type such as r7i.large")
    .optional()
    .meta({ description: "Instance type of the builder; by default r7i.large or r7g.large" }),
  deadlineMinutes: z
    .int("expected whole minutes")
    .min(30, "expected 30 minutes or more")
    .max(300, "expected 300 minutes or less")
    .default(120)
    .meta({ description: "A build that takes longer is given up and cleaned up" }),
  packages: z
    .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/, "expected the name of a package"))
    .default([])
    .meta({ description: "Packages to install" }),
  packageRepository: PackageRepositorySchema.optional(),
  services: ServicesSchema,
  rcConf: RcConfSchema,
  cron: z.array(CronJobSchema).default([]).meta({ description: "Cron jobs" }),
  updates: UpdatesSchema,
  dnsCache: DnsCacheSchema.optional(),
  mailRelay: MailRelaySchema.optional(),
  pipes: PipesSchema,
  files: z.array(FileSchema).default([]).meta({ description: "Files to put on the image" }),
  copyTo: z
    .array(Region)
    .default([])
    .meta({ description: "Regions that get a copy, besides the home region" }),
  keep: z
    .int("expected a whole number")
    .min(2, "expected 2 or more: the current image and one to go back to")
    .max(100, "expected 100 or less")
    .default(3)
    .meta({ description: "How many images to keep in each region" }),
});

/** A machine image, complete. */
export interface ImageSpec extends z.infer<typeof ImageAsWrittenSchema> {
  instanceType: string;
}

/** A machine image with everything filled in and its parts checked against each other. */
export const ImageSchema = ImageAsWrittenSchema.transform((image) => ({
  ...image,
  instanceType: image.instanceType ?? DEFAULT_INSTANCE_TYPE[image.arch],
}))
  .superRefine(crossCheckImage)
  .meta({ description: "A machine image" });
