import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { awsAccount } from "../adapters/aws-account.ts";
import { ec2ImageStore } from "../adapters/ec2-image-store.ts";
import { ssmSecrets } from "../adapters/ssm-secrets.ts";
import { validateBuild } from "../validate-build.ts";

/** Refuses a build that cannot work, before it costs anything. */
export const handler = lambda({
  input: z.object({
    image: z.string().min(1),
    time: z.iso.datetime({ offset: true }),
    executionArn: z.string(),
  }),
  services: (settings) => ({
    fleet: readFleet(settings.fleetFile),
    images: ec2ImageStore(settings),
    account: awsAccount(settings),
    secrets: ssmSecrets(settings),
  }),
  run: async ({ image, time, executionArn }, services, { settings }) => {
    const request = {
      stage: settings.stage,
      fleet: services.fleet,
      image,
      time: new Date(time),
      executionArn,
    };
    const { build, existingImageId } = await validateBuild(request, services);
    return { build, existingImageId: existingImageId ?? null };
  },
});
