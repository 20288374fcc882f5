import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startCold } from "#platform";
import {
  imagesIn,
  leftoversIn,
  mailsOf,
  openTheatre,
  type Theatre,
  walk,
} from "../state-machines/walked-run.ts";

/*
 * Goal: an owner lets the weekly rebuild run three times, and adds a package before the second.
 * - Each report says what changed since the image before it.
 * - The pointers move to the newest image in both regions, and the one before stays for going back.
 * - Beyond the number to keep, the oldest image goes with its snapshots.
 */

const SUNDAYS = ["2026-11-22", "2026-11-29", "2026-12-06"].map((day) => `${day}T04:00:00.000Z`);

/** What stood there after one build. */
interface Week {
  readonly images: Readonly<Record<string, string>>;
  readonly pointers: Readonly<Record<string, string>>;
  readonly existing: readonly string[];
  readonly snapshots: number;
}

let theatre: Theatre;
const weeks: Week[] = [];

beforeAll(async () => {
  theatre = await openTheatre([], (fleet) => fleet.replace("keep: 3", "keep: 2"));
  for (const [index, time] of SUNDAYS.entries()) {
    await sleepUntil(time);
    if (index === 1) addPackage("curl");
    weeks.push(await buildAndLook(time, `week-${index + 1}`));
  }
}, 60_000);
afterAll(() => theatre.close());

describe("three weeks of builds", () => {
  it("the first report says that there was none before", () => {
    expect(mailsOf(theatre)[0]?.text).toMatch(/This is its first build, with \d+ packages\./);
  });

  it("the second says which package came, and that the recipe changed", () => {
    const text = mailsOf(theatre)[1]?.text;
    expect(text).toMatch(/Changed since base-20261122-0400-/);
    expect(text).toMatch(/^ {2}recipe [0-9a-f]{8} -> [0-9a-f]{8}$/m);
    expect(text).toMatch(/^ {2}curl \S+ \(new\)$/m);
    expect(text).not.toContain("(gone)");
  });

  it("the third says that nothing changed, and what was retired", () => {
    const text = mailsOf(theatre)[2]?.text;
    expect(text).toMatch(/Nothing changed since base-20261129-0400-/);
    for (const id of Object.values(weeks[0]?.images ?? {})) expect(text).toContain(id);
  });

  it("the pointers follow the newest image in every region", () => {
    for (const { images, pointers } of weeks) expect(pointers).toEqual(images);
    expect(new Set(weeks.map(({ images }) => images["us-east-1"])).size).toBe(SUNDAYS.length);
  });

  it("the image before stays; only the one beyond the number to keep goes, with its snapshots", () => {
    expect(weeks.map(({ existing }) => existing.length)).toEqual([2, 4, 4]);
    expect(weeks.map(({ snapshots }) => snapshots)).toEqual([2, 4, 4]);
    const kept = weeks[2]?.existing.join("\n") ?? "";
    expect(kept).not.toContain("base-20261122");
    expect(kept.match(/base-20261129/g)).toHaveLength(2);
    expect(kept.match(/base-20261206/g)).toHaveLength(2);
  });

  it("nothing else is left, and nobody was written to twice", async () => {
    expect(await leftoversIn(theatre)).toEqual([]);
    expect(mailsOf(theatre)).toHaveLength(SUNDAYS.length);
  });
});

async function sleepUntil(time: string): Promise<void> {
  const { clock } = theatre.stage;
  await clock.sleep(Date.parse(time) - clock.now().getTime());
}

async function buildAndLook(time: string, name: string): Promise<Week> {
  const { outcome } = await walk(theatre, "ami-build", { image: "base", time }, name);
  if (outcome.status !== "SUCCEEDED") throw new Error(`${name}: ${outcome.error}: ${outcome.cause}`);
  const { images } = outcome.output as { images: Record<string, string> };
  const pointers: Record<string, string> = {};
  for (const region of Object.keys(images)) pointers[region] = await pointerIn(region);
  const resources = await theatre.stage.cloud.inventory();
  const snapshots = resources.filter(({ type }) => type === "snapshot").length;
  return { images, pointers, existing: await imagesIn(theatre), snapshots };
}

async function pointerIn(region: string): Promise<string> {
  const credentials = { accessKeyId: "OWNER", secretAccessKey: "owner" };
  const ssm = new SSMClient({ region, endpoint: theatre.power.door.url, credentials });
  const found = await ssm.send(new GetParameterCommand({ Name: "/nightshift/rehearsal/images/base" }));
  ssm.destroy();
  return found.Parameter?.Value ?? "";
}

/** A deployment between two runs: another fleet, and functions that start cold with it. */
function addPackage(name: string): void {
  const file = join(theatre.folder, "fleet.json");
  const fleet = JSON.parse(readFileSync(file, "utf8"));
  fleet.images.base.packages.push(name);
  writeFileSync(file, JSON.stringify(fleet));
  startCold();
}
