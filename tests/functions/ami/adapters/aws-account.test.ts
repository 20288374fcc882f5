import { EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { afterEach, expect, test } from "@jest/globals";
import { awsAccount } from "../../../../functions/ami/adapters/aws-account.ts";
import { toEc2Tags } from "../../../../functions/ami/adapters/ec2-clients.ts";
import { ssmImagePointers } from "../../../../functions/ami/adapters/ssm-image-pointers.ts";
import { publicParameter } from "../../../../functions/ami/resolve-source.ts";
import { TAG } from "../../../../functions/ami/tags.ts";
import { specWith } from "../fakes/fake-fleet.ts";
import { type OpenStage, openStage } from "../fakes/open-stage.ts";
import { expiredTags } from "../fakes/sample-build.ts";

const HOME = "us-east-1";

let open: OpenStage | undefined;
afterEach(() => open?.close());

test("running vCPUs are counted without those of the build that asks", async () => {
  open = await openStage();
  const ec2 = new EC2Client({ region: HOME });
  const ImageId = await ssmImagePointers(open.settings()).current(HOME, publicParameter(specWith()));
  const run = { ImageId, InstanceType: "r7i.large", MinCount: 1, MaxCount: 1 } as const;
  await ec2.send(new RunInstancesCommand(run));
  const Tags = toEc2Tags(expiredTags());
  await ec2.send(
    new RunInstancesCommand({ ...run, TagSpecifications: [{ ResourceType: "instance", Tags }] }),
  );
  await open.stage.clock.sleep(600_000);

  const account = awsAccount(open.settings());
  expect((await account.standardVcpus("another")).running).toBe(4);
  expect((await account.standardVcpus(expiredTags()[TAG.build] ?? "")).running).toBe(2);
});
