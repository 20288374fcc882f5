import { lambda, z } from "#platform";
import { ec2Access } from "../adapters/ec2-access.ts";
import { ec2BuilderPool } from "../adapters/ec2-builder-pool.ts";
import { ec2ImageStore } from "../adapters/ec2-image-store.ts";
import { sfnExecutions } from "../adapters/sfn-executions.ts";
import { reapRegion } from "../reap-region.ts";

/** Removes what dead runs left in one region. */
export const handler = lambda({
  input: z.object({ region: z.string(), time: z.iso.datetime({ offset: true }) }),
  services: (settings) => ({
    executions: sfnExecutions(settings),
    region: (region: string) => ({
      images: ec2ImageStore(settings),
      pool: ec2BuilderPool({ ...settings, region }),
      access: ec2Access({ ...settings, region }),
    }),
  }),
  run: ({ region, time }, { executions, region: portsOf }, { settings }) =>
    reapRegion({ stage: settings.stage, region, now: new Date(time) }, { ...portsOf(region), executions }),
});
