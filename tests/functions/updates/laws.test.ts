import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { ReportMessage } from "#platform";
import { FakeWorld, UNREACHABLE } from "./fakes/fake-world.ts";

const HOSTS = ["db", "mail", "www"];
const PACKAGES = ["alpha", "beta", "gamma", "delta"];

/** A morning: what is pending from then on, who is away, what is not understood, and what becomes of the run. */
interface Morning {
  readonly pending: readonly (readonly [host: number, name: number])[];
  readonly away: readonly number[];
  readonly garbled: readonly number[];
  /** "skipped": nobody ran. A number: the power fails at that step, and it is run again, or not. */
  readonly run: "whole" | "twice" | "skipped" | { readonly diesAt: number; readonly again: boolean };
}

const morning = fc.record<Morning>({
  pending: fc.array(fc.tuple(fc.nat(HOSTS.length - 1), fc.nat(PACKAGES.length - 1)), { maxLength: 3 }),
  away: fc.array(fc.nat(HOSTS.length - 1), { maxLength: 2 }),
  garbled: fc.array(fc.nat(HOSTS.length - 1), { maxLength: 1 }),
  run: fc.oneof(
    fc.constantFrom("whole" as const, "twice" as const, "skipped" as const),
    fc.record({ diesAt: fc.nat(24), again: fc.boolean() }),
  ),
});

describe("whatever mornings come, and wherever runs die", () => {
  it("each update of each host is told as new, and once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(morning, { maxLength: 8 }), async (mornings) => {
        const world = new FakeWorld(HOSTS);
        const pending = await live(world, mornings);
        const told = world.mails.flatMap(newIn);
        expect(told.filter((one) => /1\.0 -> 1\.1/.test(one)).sort()).toEqual([...pending].sort());
        expect(new Set(world.mails.map(({ id }) => id)).size).toBe(world.mails.length);
        expect((await world.book.told()).unsettled).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("an image is built once for each update of its packages, if it is to be", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(30), fc.boolean(), async (diesAt, again) => {
        const world = new FakeWorld(HOSTS, { startBuild: true });
        await world.run(dayOf(0));
        world.answers.www = ["tarsnap"];
        world.stepsToLive = diesAt;
        await world.run(dayOf(1));
        if (again) await world.run(dayOf(1));
        await world.run(dayOf(2));
        await world.run(dayOf(3));
        expect(world.builds).toEqual([expect.stringMatching(/^base-updates-2026110[23]T060000Z$/)]);
      }),
    );
  });
});

it("the order of hosts in the fleet does not matter", async () => {
  const texts = await Promise.all(
    [HOSTS, HOSTS.toReversed()].map(async (names) => {
      const world = new FakeWorld(names);
      world.answers.www = ["alpha"];
      world.answers.db = UNREACHABLE;
      await world.run(dayOf(0));
      return world.mails;
    }),
  );
  expect(texts[0]).toHaveLength(1);
  expect(texts[0]).toEqual(texts[1]);
});

/** Lives through the mornings, and a quiet one in the end on which all hosts answer. Returns all that was pending. */
async function live(world: FakeWorld, mornings: readonly Morning[]): Promise<Set<string>> {
  const packages = new Map<string, Set<string>>(HOSTS.map((host) => [host, new Set()]));
  for (const [day, { pending, away, garbled, run }] of mornings.entries()) {
    for (const [host, name] of pending) packages.get(HOSTS[host] ?? "")?.add(PACKAGES[name] ?? "");
    answer(world, packages, away, garbled);
    if (run === "skipped") continue;
    if (typeof run === "object") world.stepsToLive = run.diesAt;
    const isWhole = await world.run(dayOf(day));
    if (run === "twice" || (!isWhole && typeof run === "object" && run.again)) await world.run(dayOf(day));
  }
  answer(world, packages, [], []);
  // An earlier run may have left more reports than one run carries out.
  for (let rest = 0; rest < 4; rest += 1) await world.run(dayOf(mornings.length + rest));
  return new Set(
    [...packages].flatMap(([host, names]) => [...names].map((name) => `${host}: ${name} 1.0 -> 1.1`)),
  );
}

function answer(
  world: FakeWorld,
  packages: ReadonlyMap<string, ReadonlySet<string>>,
  away: readonly number[],
  garbled: readonly number[],
): void {
  for (const [index, host] of HOSTS.entries()) {
    const names = [...(packages.get(host) ?? [])];
    world.answers[host] = away.includes(index)
      ? UNREACHABLE
      : garbled.includes(index)
        ? { text: "what" }
        : names;
  }
}

function dayOf(day: number): string {
  return new Date(Date.parse("2026-11-01T06:00:00.000Z") + day * 86_400_000).toISOString();
}

/** "www: alpha 1.0 -> 1.1" for each line of a mail that is marked as new; in the first mail all are. */
function newIn({ text }: ReportMessage): string[] {
  const isFirst = text.includes("is the first one");
  let members: string[] = [];
  const found: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("Told before")) break;
    const mark = isFirst ? "  " : "* ";
    if (line.startsWith(mark)) found.push(...members.map((one) => `${one}: ${line.slice(2)}`));
    else if (/^[a-z]/.test(line)) members = line.replace(/ \(\d+\)$/, "").split(", ");
  }
  return found;
}
