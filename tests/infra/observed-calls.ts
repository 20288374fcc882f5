import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { addDays, dayOf } from "#ledger";
import type { Place } from "../../infra/place.ts";
import type { Call, Resource } from "../../local/cloud/contract.ts";
import { bucketName } from "../../local/rehearsal/environment.ts";
import { setNightScene } from "../../local/rehearsal/night-scene.ts";
import { type Power, STAGE } from "../../local/rehearsal/stage.ts";
import { putUsage } from "../../local/rehearsal/usage-objects.ts";
import { callEverything } from "../functions/accounts/fakes/every-call.ts";
import { buildAndDie } from "../state-machines/dying-run.ts";
import { leaveSnapshot, leaveVolume, ownerEc2 } from "../state-machines/owner.ts";
import { openTheatre, type Theatre, TIME, walk } from "../state-machines/walked-run.ts";
import { observeMornings } from "./observed-mornings.ts";
import { observeRotations } from "./observed-rotations.ts";
import { observeWatch } from "./observed-watch.ts";

/** A call of one of our functions, and how what it names was tagged just before. */
export interface Observed {
  readonly call: Call;
  /** Those of the named resources that carried this stage's tag; IAM's aws:ResourceTag looks at it. */
  readonly ours: readonly string[];
  /** Resources that came to be by this call without this stage's tag; IAM's aws:RequestTag would have refused it. */
  readonly untagged: readonly string[];
}

const DAY_AFTER = "2026-11-23T04:00:00.000Z";
const WEEK_LATER = "2026-11-29T04:00:00.000Z";
const WEEK = 7 * 24 * 3_600_000;
const CREATING = ["RunInstances", "CreateImage", "CopyImage", "CreateKeyPair", "CreateSecurityGroup"];

/**
 * Rehearses what brings every function to every call that it can make: builds that succeed and that fail, that die
 * and are taken up again, old images that are retired, mails that are refused or in doubt, leftovers of each kind, and a watch region at work.
 */
export async function observeEverything(): Promise<Observed[]> {
  const observed: Observed[] = [];
  await aWeekOfBuilds(observed);
  await takenUpAfterFailedImage(observed);
  await copiedInVain(observed);
  await reapedLeftovers(observed);
  await aNightOfBilling(observed);
  await accountsAndTheirMail(observed);
  observed.push(...(await observeMornings()).map((call) => ({ call, ours: [], untagged: [] })));
  // Nothing there is narrowed by tag, so what was tagged when it was called is not asked.
  for (const call of [...(await observeWatch()), ...(await observeRotations())])
    observed.push({ call, ours: [], untagged: [] });
  return observed;
}

/**
 * The first night of a month, in which the papers of a part cannot be kept at first, so that it finds its own charges;
 * then a night that waits for approval, one whose usage never came, one of which a part is missing, and what an operator
 * does by hand.
 */
async function aNightOfBilling(observed: Observed[]): Promise<void> {
  const faults = ["ses:SendRawEmail:Throttling", "ses:SendRawEmail:InternalFailure"];
  await onStage(observed, faults, async (theatre) => {
    const time = new Date("2026-12-02T00:30:00.000Z");
    await setNightScene(theatre.stage, time, 10);
    loseFirstAnswer(theatre.power, "PutObject");
    await walk(theatre, "billing-nightly", { time: time.toISOString() }, "night");
    await putUsage(ownerClient(theatre), bucketOf(theatre), dayOf(time), [
      [{ account: "c002", storedBytes: 1n, bytesIn: 0n, bytesOut: 0n }],
    ]);
    const next = `${addDays(dayOf(time), 1)}T00:30:00.000Z`;
    await walk(theatre, "billing-nightly", { time: next }, "held");
    await walk(theatre, "billing-nightly", { time: next, approve: dayOf(time) }, "approved");
    await walk(theatre, "billing-nightly", { time: "2026-12-04T00:30:00.000Z" }, "without usage");
    await putUsage(ownerClient(theatre), bucketOf(theatre), addDays(dayOf(time), 1), [
      [{ account: "c002", storedBytes: 1n, bytesIn: 0n, bytesOut: 0n }],
    ]);
    await loseObject(theatre, `usage/${addDays(dayOf(time), 1)}/part-00000.jsonl.gz`);
    await walk(theatre, "billing-nightly", { time: "2026-12-04T00:30:00.000Z" }, "without a part");
    const entry = { id: "p1", kind: "payment", amount: "5000000000000000000", on: dayOf(time) };
    await walk(theatre, "billing-entry", { account: "c002", entry, time: next }, "payment");
    const incident = { incident: "outage", on: dayOf(time), storageDays: 2 };
    await walk(theatre, "billing-credit", { incident, time: next }, "credit");
    await walk(theatre, "billing-audit", { time: next }, "audit");
  });
}

async function accountsAndTheirMail(observed: Observed[]): Promise<void> {
  const faults = ["ses:SendRawEmail:InternalFailure", "ses:SendRawEmail:Throttling"];
  await onStage(observed, faults, async (theatre) => {
    const { stage } = theatre;
    await callEverything(theatre);
    await stage.started();
    for (const [address, fate] of [
      ["bounces@example.org", "bounce"],
      ["complains@example.org", "complaint"],
      ["is-full@example.org", "transient"],
      ["is-there@example.org", "deliver"],
    ] as const) {
      stage.cloud.setFate(address, fate);
      const opening = { account: address.split("@")[0], mail: address, link: "https://example.org/x" };
      const expires = "2026-11-29T00:00:00.000Z";
      await walk(theatre, "accounts-open", { ...opening, expires, time: TIME }, `open-${fate}`);
    }
    await stage.settle();
    await walk(theatre, "mail-lift", { address: "bounces@example.org", time: TIME }, "lift");
  });
}

/** The first answer to a call is lost: whoever made it has to find out what became of it. */
function loseFirstAnswer({ door }: Power, operation: string): void {
  const observe = door.onCall;
  let isLost = false;
  door.onCall = async (call, phase) => {
    await observe(call, phase);
    if (isLost || phase !== "after" || call.operation !== operation) return;
    isLost = true;
    throw new Error("the answer was lost");
  };
}

async function loseObject(theatre: Theatre, Key: string): Promise<void> {
  const s3 = new S3Client(ownerClient(theatre));
  await s3.send(new DeleteObjectCommand({ Bucket: bucketOf(theatre), Key }));
  s3.destroy();
}

function ownerClient({ stage, power }: Theatre) {
  const credentials = { accessKeyId: "OWNER", secretAccessKey: "owner" };
  return { region: stage.fleet.regions.home, endpoint: power.door.url, credentials };
}

function bucketOf({ stage }: Theatre): string {
  return bucketName(STAGE, stage.cloud.accountId);
}

/** The last build retires the first one's images, after it died and somebody tampered with what it had made. */
async function aWeekOfBuilds(observed: Observed[]): Promise<void> {
  const faults = ["ses:SendRawEmail:Throttling", "ses:SendRawEmail:InternalFailure"];
  await onStage(observed, faults, async (theatre, powerUp) => {
    await walk(theatre, "ami-build", { image: "base", time: TIME }, "first");
    await walk(theatre, "ami-build", { image: "base", time: DAY_AFTER }, "second");
    const tags = await dieAt(theatre, "CheckImage", WEEK_LATER);
    const again = await powerUp();
    await leaveVolume(ownerEc2(again.power), tags);
    await theatre.stage.clock.sleep(60_000);
    await walk(again, "ami-build", { image: "base", time: WEEK_LATER }, "dying");
    await theatre.stage.clock.sleep(WEEK);
    await walk(again, "ami-reap", { time: theatre.stage.clock.now().toISOString() }, "idle");
  });
}

/** A run dies while its image is made, the image ends as failed, and the second run has to replace it. */
async function takenUpAfterFailedImage(observed: Observed[]): Promise<void> {
  await onStage(observed, ["image-failed"], async (theatre, powerUp) => {
    const input = { image: "base", time: TIME };
    await buildAndDie(theatre, { state: "CheckImage", input, name: "dying", processLives: true });
    await theatre.stage.clock.sleep(20 * 60_000);
    await walk(await powerUp(), "ami-build", input, "dying");
  });
}

async function copiedInVain(observed: Observed[]): Promise<void> {
  await onStage(observed, ["copy-failed@us-west-2"], async (theatre) => {
    await walk(theatre, "ami-build", { image: "base", time: TIME });
  });
}

async function reapedLeftovers(observed: Observed[]): Promise<void> {
  await onStage(observed, [], async (theatre, powerUp) => {
    const tags = await dieAt(theatre, "CheckCopy", TIME, false);
    await leaveVolume(ownerEc2((await powerUp()).power), tags);
    await theatre.stage.clock.sleep(6 * 3_600_000);
    const time = theatre.stage.clock.now().toISOString();
    await walk(await powerUp(), "ami-reap", { time }, "reaper");
  });
}

/** Lets a build die and takes its image away, but not the snapshot. Answers the tags that both carried. */
async function dieAt(
  theatre: Theatre,
  state: string,
  time: string,
  processLives = true,
): Promise<Record<string, string>> {
  const input = { image: "base", time };
  const power = await buildAndDie(theatre, { state, input, name: "dying", processLives });
  await theatre.stage.clock.sleep(5 * 60_000);
  const resources = await theatre.stage.cloud.inventory();
  const image = resources.find(({ type, tags }) => type === "image" && "nightshift:expires-at" in tags);
  return leaveSnapshot(ownerEc2(power), image?.name ?? "");
}

/** Keeps two images per region, as few as may be, so that retention has something to do. */
async function onStage(
  observed: Observed[],
  faults: readonly string[],
  play: (theatre: Theatre, powerUp: (place?: Place) => Promise<Theatre>) => Promise<void>,
): Promise<void> {
  const theatre = await openTheatre(faults, (fleet) => fleet.replace("keep: 3", "keep: 2"));
  watch(theatre, theatre.power, observed);
  const powerUp = async (place?: Place) => {
    const power = await theatre.stage.powerUp(place);
    watch(theatre, power, observed);
    return { ...theatre, power };
  };
  try {
    await play(theatre, powerUp);
  } finally {
    await theatre.close();
  }
}

function watch({ stage }: Theatre, { door }: Power, observed: Observed[]): void {
  const before = new Map<Call, readonly Resource[]>();
  door.onCall = async (call, phase) => {
    if (!call.caller.startsWith(`nightshift-${STAGE}-`)) return;
    const changes = call.service === "ec2" && !call.operation.startsWith("Describe");
    const resources = changes ? await stage.cloud.inventory() : [];
    if (phase === "before") {
      before.set(call, resources);
      const named = resources.filter(
        ({ id, name }) => call.resources.includes(id) || call.resources.includes(name),
      );
      const ours = named.filter(isOurs).flatMap(({ id, name }) => [id, name]);
      observed.push({ call, ours, untagged: [] });
    } else if (CREATING.includes(call.operation)) {
      const known = new Set(before.get(call)?.map(({ id }) => id));
      const made = resources.filter(({ id, type }) => !known.has(id) && type !== "table-item");
      const untagged = made.filter((one) => !isOurs(one)).map(({ type, id }) => `${type} ${id}`);
      if (untagged.length > 0) observed.push({ call, ours: [], untagged });
    }
  };
}

function isOurs({ tags }: Resource): boolean {
  return tags["nightshift:stage"] === STAGE;
}
