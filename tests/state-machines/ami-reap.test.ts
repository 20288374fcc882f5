import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeImagesCommand, EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { afterEach, describe, expect, it } from "@jest/globals";
import { leftoversIn, mailsOf, openTheatre, type Theatre, TIME, walk } from "./walked-run.ts";

const SIX_HOURS = 6 * 3_600_000;
const IN_EACH_REGION = ["ReapRegion us-east-1", "ReapRegion us-west-2"];

let theatre: Theatre;
afterEach(() => theatre.close());

describe("ami-reap", () => {
  it("finds nothing: says nothing", async () => {
    theatre = await openTheatre();
    const run = await reap("nothing");
    expect(run.outcome).toEqual({ status: "SUCCEEDED", output: { removed: [], pending: [] } });
    expect(run.tasks).toEqual(["ListRegions", ...IN_EACH_REGION, "ComposeReaperReport"]);
    expect(run.entered).toContain("AllReaped");
    expect(mailsOf(theatre)).toEqual([]);
  });

  it.each([
    { died: "while its builder booted", state: "CheckBuilder", images: 0 },
    { died: "while its image was made", state: "CheckImage", images: 1 },
    { died: "while its image was copied", state: "CheckCopy", images: 2 },
  ])("finds what a run left that died $died", async ({ state, images }) => {
    theatre = await openTheatre();
    await buildAndDie(state);
    await theatre.stage.clock.sleep(SIX_HOURS);

    const first = await reap("first");
    expect(first.outcome).toMatchObject({ status: "SUCCEEDED" });
    expect(first.tasks.at(-1)).toBe("SendMessage");
    const [mail] = mailsOf(theatre);
    expect(mail?.subject).toMatch(/^Reaper: removed \d+ leftovers$/);
    expect(mail?.text.match(/image ami-/g) ?? []).toHaveLength(images);

    // An instance takes a while to go and holds its security group meanwhile; the next hour's reaper takes that.
    await theatre.stage.clock.sleep(3_600_000);
    expect((await reap("second")).outcome).toMatchObject({ status: "SUCCEEDED" });
    expect(await leftoversIn(theatre)).toEqual([]);
  });

  it("leaves alone what belongs to a running execution, however old", async () => {
    theatre = await openTheatre();
    await buildAndDie("CheckImage", "but its process lives");
    const before = await leftoversIn(theatre);
    await theatre.stage.clock.sleep(SIX_HOURS);
    expect((await reap("early")).outcome).toMatchObject({ status: "SUCCEEDED" });
    expect(before).not.toEqual([]);
    expect(await leftoversIn(theatre)).toEqual(before);
    expect(mailsOf(theatre)).toEqual([]);
  });

  it.each([
    { lookAlike: "has no tags at all", tags: {} },
    { lookAlike: "is of another stage", tags: { "nightshift:stage": "prod" } },
    { lookAlike: "has no expiry", tags: { "nightshift:expires-at": undefined } },
    { lookAlike: "has an expiry that is no time", tags: { "nightshift:expires-at": "soon" } },
    { lookAlike: "has not expired", tags: { "nightshift:expires-at": "2030-01-01T00:00:00.000Z" } },
    { lookAlike: "is of no build", tags: { "nightshift:build": undefined } },
  ])("leaves alone an instance that $lookAlike", async ({ lookAlike, tags }) => {
    theatre = await openTheatre();
    await launch(lookAlike === "has no tags at all" ? {} : { ...EXPIRED, ...tags });
    const before = await existing("instance");
    await theatre.stage.clock.sleep(SIX_HOURS);
    await reap("careful");
    expect(before).toHaveLength(1);
    expect(await existing("instance")).toEqual(before);
  });

  it("a region does not answer: the other one is swept, and the run fails naming the one missed", async () => {
    theatre = await openTheatre(["ec2:DescribeSnapshots:UnauthorizedOperation:*@us-west-2"]);
    await buildAndDie("CheckBuilder");
    await theatre.stage.clock.sleep(SIX_HOURS);
    const run = await reap("half");
    expect(run.outcome).toEqual({
      status: "FAILED",
      error: "RegionsMissedError",
      cause: "us-west-2: UnauthorizedOperation",
    });
    expect(run.entered).toContain("MissRegion");
    expect(mailsOf(theatre)[0]?.subject).toMatch(/^Reaper: removed \d+ leftovers$/);
  });

  it("EC2 throttles: tried again", async () => {
    theatre = await openTheatre(["ec2:DescribeVolumes:RequestLimitExceeded@us-east-1"]);
    const run = await reap("throttled");
    expect(run.outcome).toMatchObject({ status: "SUCCEEDED" });
    expect(run.retries).toEqual(["ReapRegion: TransientError after 2 s"]);
  });

  it("its report is refused: the run fails, so that the alarm tells", async () => {
    theatre = await openTheatre(["ses:SendRawEmail:MessageRejected:*"]);
    await buildAndDie("CheckBuilder");
    await theatre.stage.clock.sleep(SIX_HOURS);
    const run = await reap("unheard");
    expect(run.outcome).toMatchObject({ status: "FAILED", error: "MailRefusedError" });
  });
});

const EXPIRED = {
  "nightshift:stage": "rehearsal",
  "nightshift:build": "base-20261101-0400-15.1-amd64-00000000",
  "nightshift:expires-at": "2026-11-01T08:00:00.000Z",
};

/** Lets the power fail in the middle of a build, and switches the machine on again. */
async function buildAndDie(state: string, andThen = "and its process is gone"): Promise<void> {
  const { engine, door } = theatre.power;
  let die = (): void => undefined;
  const death = new Promise<void>((resolve) => {
    die = resolve;
  });
  const execution = await engine.start("ami-build", "dying", { image: "base", time: TIME }, (event) => {
    if (event.type !== "stateEntered" || event.state !== state) return;
    door.freeze();
    die();
  });
  await death;
  execution.kill();
  if (andThen === "and its process is gone") forgetProcess("dying");
  theatre = { ...theatre, power: await theatre.stage.powerUp() };
}

/** The run's record, as if a process had written it that does not exist any more. */
function forgetProcess(name: string): void {
  const file = join(theatre.stage.executionsFolder, name, "execution.json");
  const record = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...record, pid: 2 ** 30 })); // above any system's largest process id
}

function reap(name: string) {
  return walk(theatre, "ami-reap", { time: theatre.stage.clock.now().toISOString() }, name);
}

async function launch(tags: Readonly<Record<string, string | undefined>>): Promise<void> {
  const ec2 = new EC2Client({
    region: "us-east-1",
    endpoint: theatre.power.door.url,
    credentials: { accessKeyId: "OWNER", secretAccessKey: "owner" },
  });
  const found = await ec2.send(new DescribeImagesCommand({}));
  const image = found.Images?.find(({ Architecture }) => Architecture === "x86_64");
  const Tags = Object.entries(tags).flatMap(([Key, Value]) => (Value === undefined ? [] : [{ Key, Value }]));
  await ec2.send(
    new RunInstancesCommand({
      ImageId: image?.ImageId,
      InstanceType: "t3.micro",
      MinCount: 1,
      MaxCount: 1,
      ...(Tags.length === 0 ? {} : { TagSpecifications: [{ ResourceType: "instance", Tags }] }),
    }),
  );
  ec2.destroy();
}

async function existing(type: string): Promise<string[]> {
  const resources = await theatre.stage.cloud.inventory();
  return resources.filter((one) => one.type === type).map(({ id, state }) => `${id} ${state}`);
}
