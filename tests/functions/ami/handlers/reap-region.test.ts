import { CreateSecurityGroupCommand, EC2Client } from "@aws-sdk/client-ec2";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterEach, describe, expect, test } from "@jest/globals";
import { handler as composeReaperReport } from "../../../../functions/ami/handlers/compose-reaper-report.ts";
import { handler as reapRegion } from "../../../../functions/ami/handlers/reap-region.ts";
import type { Tags } from "../../../../functions/ami/tags.ts";
import { STAGE } from "../../../../local/rehearsal/stage.ts";
import { type OpenStage, openStage } from "../fakes/open-stage.ts";
import { expiredTags } from "../fakes/sample-build.ts";

const TIME = "2026-11-22T05:00:00Z";
const DEAD = expiredTags({ stage: STAGE });

/** What the reaper must leave alone, by name, each with why. */
const LOOK_ALIKES: [why: string, name: string, tags: Tags][] = [
  ["no tags at all", "bare", {}],
  ["another stage", "prod", expiredTags({ stage: "prod" })],
  ["an expiry in the future", "fresh", expiredTags({ stage: STAGE, expiresAt: "2026-11-22T05:00:01Z" })],
  ["no expiry", "kept", expiredTags({ stage: STAGE, expiresAt: undefined })],
  ["no build", "deployed", expiredTags({ stage: STAGE, build: undefined })],
];

let open: OpenStage;
afterEach(() => open.close());

const toTags = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** A security group and a key parameter of that name. */
async function put(name: string, tags: Tags, region = "us-east-1") {
  const group = new CreateSecurityGroupCommand({
    GroupName: name,
    Description: name,
    ...(Object.keys(tags).length === 0
      ? {}
      : { TagSpecifications: [{ ResourceType: "security-group", Tags: toTags(tags) }] }),
  });
  await new EC2Client({ region }).send(group);
  const parameter = {
    Name: `/nightshift/${STAGE}/builds/${name}/ssh-key`,
    Value: "x",
    Type: "SecureString",
  } as const;
  await new SSMClient({ region }).send(new PutParameterCommand({ ...parameter, Tags: toTags(tags) }));
}

async function names(region = "us-east-1") {
  const all = await open.stage.cloud.inventory();
  return all
    .filter(
      (one) => one.region === region && (one.type === "security-group" || one.name.includes("/builds/")),
    )
    .map(({ name }) => /builds\/([^/]+)/.exec(name)?.[1] ?? name)
    .filter((name) => name !== "default")
    .sort();
}

describe("a sweep of one region", () => {
  test("removes what a dead run left, and none of its look-alikes", async () => {
    open = await openStage();
    await put("dead", DEAD);
    await put("dead", DEAD, "us-west-2");
    for (const [, name, tags] of LOOK_ALIKES) await put(name, tags);
    await open.stage.clock.sleep(60_000);

    const sweep = await open.call(reapRegion, { region: "us-east-1", time: TIME });
    expect(sweep.removed.map(({ what }) => what).sort()).toEqual(["key parameter", "security group"]);
    const kept = LOOK_ALIKES.flatMap(([, name]) => [name, name]).sort();
    expect(await names()).toEqual(kept);
    expect(await names("us-west-2")).toEqual(["dead", "dead"]); // another region is another sweep

    const { message } = await open.call(composeReaperReport, { time: TIME, sweeps: [sweep] });
    expect(message).toMatchObject({ subject: "Reaper: removed 2 leftovers" });
  });

  test("reads every page: more parameters than SSM lists at once", async () => {
    open = await openStage();
    const ssm = new SSMClient({ region: "us-east-1" });
    for (let one = 0; one < 23; one += 1) {
      const Name = `/nightshift/${STAGE}/builds/dead${one}/ssh-key`;
      await ssm.send(new PutParameterCommand({ Name, Value: "x", Type: "SecureString", Tags: toTags(DEAD) }));
    }
    const { removed } = await open.call(reapRegion, { region: "us-east-1", time: TIME });
    expect(removed).toHaveLength(23);
    expect(await names()).toEqual([]);
  });
});

describe("the report of the reaper", () => {
  const REMOVED = { what: "volume" as const, region: "us-east-1", id: "vol-1" };
  const rows: [why: string, sweeps: object[], answer: object][] = [
    [
      "nothing found, no mail",
      [{ removed: [], pending: [] }],
      { found: false, missed: false, message: null },
    ],
    [
      "something pending only, no mail yet",
      [{ removed: [], pending: [REMOVED] }],
      { found: false, message: null, pending: [REMOVED] },
    ],
    [
      "a region that could not be swept is told, and the others' finds with it",
      [
        { removed: [REMOVED], pending: [] },
        { removed: [], pending: [], region: "us-west-2", missed: "Throttled" },
      ],
      { found: true, missed: true, reason: "us-west-2: Throttled", removed: [REMOVED] },
    ],
  ];
  test.each(rows)("%s", async (_why, sweeps, answer) => {
    open = await openStage();
    expect(await open.call(composeReaperReport, { time: TIME, sweeps })).toMatchObject(answer);
  });
});
