import { lambda, z } from "#platform";
import { dynamoDbBuildBook } from "../adapters/dynamodb-build-book.ts";
import { ec2Access } from "../adapters/ec2-access.ts";
import { ec2BuilderPool } from "../adapters/ec2-builder-pool.ts";
import { ec2ImageStore } from "../adapters/ec2-image-store.ts";
import { BuildSchema } from "../build.ts";
import { cleanUp } from "../clean-up.ts";
import { SweptSchema } from "../sweep.ts";
import { WaitingSchema } from "../wait-policy.ts";

const Progress = z.object({ wait: WaitingSchema, removed: z.array(SweptSchema) });

/** Removes what the build left that is still temporary, in all its regions. */
export const handler = lambda({
  input: z.object({ build: BuildSchema, progress: Progress.optional() }),
  services: (settings) => ({
    book: dynamoDbBuildBook(settings),
    region: (region: string) => ({
      images: ec2ImageStore(settings),
      pool: ec2BuilderPool({ ...settings, region }),
      access: ec2Access({ ...settings, region }),
    }),
  }),
  run: ({ build, progress }, services, { clock, settings }) =>
    cleanUp(
      {
        stage: settings.stage,
        build,
        attempt: progress?.wait.attempt ?? 0,
        now: clock.now(),
        removed: progress?.removed ?? [],
      },
      services,
    ),
});
