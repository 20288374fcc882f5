import { afterEach, describe, expect, it } from "@jest/globals";
import { buildAndDie } from "./dying-run.ts";
import { launchForOwner, ownerEc2 } from "./owner.ts";
import { leftoversIn, mailsOf, openTheatre, type Theatre, TIME, walk } from "./walked-run.ts";

const SIX_HOURS = 6 * 3_600_000;
const IN_EACH_REGION = ["ReapRegion us-east-1", "ReapRegion us-west-2"];

const NONE = {};

/** What the reaper would take: ours, of a build, past its time. */
const EXPIRED = {
  "nightshift:stage": "rehearsal",
  "nightshift:build": "base-20261101-0400-15.1-amd64-00000000",
  "nightshift:expires-at": "2026-11-01T08:00:00.000Z",
};

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
    await buildAndDieAt(state);
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
    await buildAndDieAt("CheckImage", true);
    const before = await leftoversIn(theatre);
    await theatre.stage.clock.sleep(SIX_HOURS);
    expect((await reap("early")).outcome).toMatchObject({ status: "SUCCEEDED" });
    expect(before).not.toEqual([]);
    expect(await leftoversIn(theatre)).toEqual(before);
    expect(mailsOf(theatre)).toEqual([]);
  });

  it("takes an instance that is ours, of a build and expired, and its volume an hour later", async () => {
    theatre = await openTheatre();
    await launchForOwner(ownerEc2(theatre.power), "t3.micro", 1, EXPIRED);
    for (const name of ["first", "second"]) {
      await theatre.stage.clock.sleep(3_600_000);
      await reap(name);
    }
    expect(await leftoversIn(theatre)).toEqual([]);
  });

  it.each([
    { lookAlike: "has no tags at all", tags: NONE },
    { lookAlike: "is of another stage", tags: { "nightshift:stage": "prod" } },
    { lookAlike: "has no expiry", tags: { "nightshift:expires-at": undefined } },
    { lookAlike: "has an expiry that is no time", tags: { "nightshift:expires-at": "soon" } },
    { lookAlike: "has not expired", tags: { "nightshift:expires-at": "2030-01-01T00:00:00.000Z" } },
    { lookAlike: "is of no build", tags: { "nightshift:build": undefined } },
  ])("leaves alone an instance that $lookAlike", async ({ tags }) => {
    theatre = await openTheatre();
    await launchForOwner(
      ownerEc2(theatre.power),
      "t3.micro",
      1,
      tags === NONE ? {} : { ...EXPIRED, ...tags },
    );
    const before = await existing("instance");
    await theatre.stage.clock.sleep(SIX_HOURS);
    await reap("careful");
    expect(before).toHaveLength(1);
    expect(await existing("instance")).toEqual(before);
  });

  it("a region does not answer: the other one is swept, and the run fails naming the one missed", async () => {
    theatre = await openTheatre(["ec2:DescribeSnapshots:UnauthorizedOperation:*@us-west-2"]);
    await buildAndDieAt("CheckBuilder");
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
    await buildAndDieAt("CheckBuilder");
    await theatre.stage.clock.sleep(SIX_HOURS);
    const run = await reap("unheard");
    expect(run.outcome).toMatchObject({ status: "FAILED", error: "MailRefusedError" });
  });
});

async function buildAndDieAt(state: string, processLives = false): Promise<void> {
  const input = { image: "base", time: TIME };
  const power = await buildAndDie(theatre, { state, input, name: "dying", processLives });
  theatre = { ...theatre, power };
}

function reap(name: string) {
  return walk(theatre, "ami-reap", { time: theatre.stage.clock.now().toISOString() }, name);
}

async function existing(type: string): Promise<string[]> {
  const resources = await theatre.stage.cloud.inventory();
  return resources.filter((one) => one.type === type).map(({ id, state }) => `${id} ${state}`);
}
