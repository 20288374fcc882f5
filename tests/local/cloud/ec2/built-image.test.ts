import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateImageCommand, DescribeImagesCommand, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { failure, openRehearsedAccount, type RehearsedAccount } from "../rehearsed-account.ts";

let account: RehearsedAccount;
beforeAll(async () => {
  account = await openRehearsedAccount();
});
afterAll(() => account.close());

async function launch(ImageId: string | undefined, InstanceType: "r7i.large" | "t3.micro"): Promise<string> {
  const made = await account.ec2.send(
    new RunInstancesCommand({ ImageId, InstanceType, MinCount: 1, MaxCount: 1 }),
  );
  account.wait(30);
  return made.Instances?.[0]?.InstanceId ?? "";
}

test("what is launched from an image that was made here boots its tree; FreeBSD's own have none", async () => {
  const Name = "/aws/service/freebsd/amd64/builder/ufs/15.1/RELEASE";
  const { Parameter } = await account.ssm.send(new GetParameterCommand({ Name }));
  const builder = await launch(Parameter?.Value, "r7i.large");
  expect(account.machines.at(-1)?.spec.tree).toBeUndefined();
  const { ImageId = "" } = await account.ec2.send(
    new CreateImageCommand({ InstanceId: builder, Name: "made-here", NoReboot: true }),
  );
  account.wait(600);
  await launch(ImageId, "t3.micro");
  expect(account.machines.at(-1)?.spec.tree).toBe(account.cloud.imageTree(ImageId)?.folder);
});

test("an image that was built elsewhere is there at once, in its region", async () => {
  const tree = mkdtempSync(join(tmpdir(), "nightshift-built-"));
  writeFileSync(join(tree, "motd"), "hello\n");
  const kind = { release: "15.1", arch: "amd64", flavour: "base", filesystem: "ufs" } as const;
  const id = account.cloud.registerBuiltImage("us-east-1", { ...kind, name: "imported", tree, sizeGib: 10 });
  account.wait(5);
  const { Images } = await account.ec2.send(new DescribeImagesCommand({ ImageIds: [id] }));
  expect(Images?.[0]).toMatchObject({ Name: "imported", State: "available", Architecture: "x86_64" });
  const host = await launch(id, "t3.micro");
  expect(account.machines.at(-1)?.spec).toMatchObject({ tree, instanceId: host });
  expect(account.cloud.machine(host)).toBe(account.machines.at(-1));
  const elsewhere = account.in("us-west-2").ec2.send(new DescribeImagesCommand({ ImageIds: [id] }));
  expect(await failure(elsewhere)).toContain("InvalidAMIID.NotFound");
  rmSync(tree, { recursive: true, force: true });
});

test("there are no regions and no machines but those that there are", () => {
  expect(() => account.cloud.machine("i-0")).toThrow("there has never been an instance i-0");
  const built = { release: "15.1", arch: "amd64", flavour: "base", filesystem: "ufs" } as const;
  expect(() =>
    account.cloud.registerBuiltImage("mars-1", { ...built, name: "abc", tree: "/", sizeGib: 1 }),
  ).toThrow("no region mars-1");
});

test("names that were given lead to addresses, others nowhere", () => {
  account.cloud.nameAddress("mail.example.org", "127.9.9.9");
  const { resolve } = account.machines.at(-1)?.spec ?? {};
  expect([resolve?.("mail.example.org"), resolve?.("www.example.org")]).toEqual(["127.9.9.9", undefined]);
});
