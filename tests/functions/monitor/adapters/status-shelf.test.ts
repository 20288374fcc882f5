import { CreateBucketCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { s3StatusShelf } from "../../../../functions/monitor/adapters/s3-status-shelf.ts";
import type { StatusShelf } from "../../../../functions/monitor/status-page/ports.ts";
import { FREEBSD_NOWHERE } from "../../../../local/rehearsal/environment.ts";
import { openRehearsedAccount, type RehearsedAccount } from "../../../local/cloud/rehearsed-account.ts";
import { inRehearsal } from "../fakes/in-rehearsal.ts";

const Bucket = "status-of-the-test";

let account: RehearsedAccount;
let leave: () => void;
let shelf: StatusShelf;
beforeAll(async () => {
  account = await openRehearsedAccount();
  leave = inRehearsal(account);
  await account.s3.send(new CreateBucketCommand({ Bucket }));
  shelf = s3StatusShelf({
    stage: "test",
    region: "us-east-1",
    functionName: "the-test",
    fleetFile: "",
    sshPort: 22,
    twilioUrl: "",
    ...FREEBSD_NOWHERE,
    bucket: Bucket,
  });
});
afterAll(async () => {
  leave();
  await account.close();
});

describe("the shelf in the public bucket", () => {
  test.each([
    { name: "index.html", type: "text/html; charset=utf-8" },
    { name: "status.json", type: "application/json" },
    { name: "badges/web.svg", type: "image/svg+xml" },
    { name: "what", type: "application/octet-stream" },
  ])("$name is $type, fresh for half a minute, and replaced as a whole", async ({ name, type }) => {
    await shelf.put(name, "the former, which is longer");
    await shelf.put(name, "now: ✓ ü");
    const { Body, ContentType, CacheControl } = await account.s3.send(
      new GetObjectCommand({ Bucket, Key: name }),
    );
    expect([await Body?.transformToString(), ContentType, CacheControl]).toEqual([
      "now: ✓ ü",
      type,
      "max-age=30",
    ]);
  });
});
