import { z } from "#platform";
import { BillingSchema } from "./billing.ts";
import { TunnelsSchema, UpdatesCheckSchema } from "./errands.ts";
import { Line, MailAddress, Region } from "./field-types.ts";
import { HostsSchema, pipeToSshd } from "./hosts.ts";
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
    hosts: HostsSchema,
    updates: UpdatesCheckSchema.optional(),
    tunnels: TunnelsSchema.optional(),
    billing: BillingSchema.optional(),
    monitor: MonitorSchema.optional(),
  })
  .superRefine(({ regions, images, hosts, updates, tunnels }, context) => {
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
    for (const [name, { image: imageName }] of Object.entries(hosts)) {
      const image = Object.hasOwn(images, imageName) ? images[imageName] : undefined;
      if (image === undefined) {
        report(["hosts", name, "image"], `no such image; there are: ${Object.keys(images).join(", ")}`);
      } else if (pipeToSshd(image) === undefined) {
        report(["hosts", name, "image"], `no pipe of image ${imageName} leads to sshd: there is no way in`);
      }
    }
    for (const field of ["address", "hostKey"] as const) {
      const owners = new Map<string, string>();
      for (const [name, { [field]: value }] of Object.entries(hosts)) {
        const other = owners.get(value);
        if (other === undefined) owners.set(value, name);
        else report(["hosts", name, field], `${other} has it already: each host has one of its own`);
      }
    }
    for (const [name, { rcConf }] of Object.entries(images)) {
      if ((updates ?? tunnels) !== undefined && /PermitRootLogin/i.test(rcConf.sshd_flags ?? ""))
        report(
          ["images", name, "rcConf", "sshd_flags"],
          "the sections updates and tunnels set PermitRootLogin=forced-commands-only: leave it out here",
        );
    }
    if (updates !== undefined && updates.publicKey === tunnels?.publicKey)
      report(["tunnels", "publicKey"], "the key of updates: each errand needs one of its own");
  })
  .meta({ title: "nightshift fleet", description: "The fleet that nightshift looks after" });

export type Fleet = z.infer<typeof FleetSchema>;
