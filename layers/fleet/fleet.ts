import { z } from "#platform";
import { BillingSchema } from "./billing.ts";
import { Line, MailAddress, Region } from "./field-types.ts";
import { ImageSchema } from "./image.ts";
import { MonitorSchema } from "./monitor.ts";

/** Image names become parts of AMI names, SSM parameters and tags. */
const ImageName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,29}$/, "expected an image name: lower-case letters, digits and -, 30 at most");

/** The whole of fleet.yml. */
export const FleetSchema = z
  .strictObject({
    name: Line.meta({ description: "What you call the fleet" }),
    owner: z
      .strictObject({
        mail: MailAddress.meta({ description: "Who gets the reports, and what cron jobs print" }),
        from: MailAddress.meta({ description: "Sender of the reports; verified in SES" }),
      })
      .meta({ description: "Who looks after the fleet" }),
    regions: z
      .strictObject({
        home: Region.meta({ description: "Where nearly everything runs and images are built" }),
        watch: Region.meta({ description: "Where the monitoring runs: not the home region" }),
      })
      .meta({ description: "AWS regions" }),
    images: z.record(ImageName, ImageSchema).meta({ description: "Machine images by name" }),
    billing: BillingSchema.optional(),
    monitor: MonitorSchema.optional(),
  })
  .superRefine(({ regions, images }, context) => {
    const report = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    if (regions.home === regions.watch) {
      report(["regions", "watch"], "the watch lives in another region than what it watches");
    }
    if (Object.keys(images).length === 0) report(["images"], "expected at least one image");
    for (const [name, { copyTo }] of Object.entries(images)) {
      const index = copyTo.indexOf(regions.home);
      if (index >= 0)
        report(["images", name, "copyTo", index], "the image is made in the home region, no copy needed");
    }
  })
  .meta({ title: "nightshift fleet", description: "The fleet that nightshift looks after" });

export type Fleet = z.infer<typeof FleetSchema>;
