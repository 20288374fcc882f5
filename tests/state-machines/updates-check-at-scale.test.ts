import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { checkHost } from "../../functions/updates/check-host.ts";
import { checkRelease } from "../../functions/updates/check-release.ts";
import { composeReport } from "../../functions/updates/compose-report.ts";
import { planCheck } from "../../functions/updates/plan-check.ts";
import { settleReports } from "../../functions/updates/settle-reports.ts";
import { readDefinition } from "../../local/engine/definition.ts";
import { interpret, type StateVisit } from "../../local/engine/interpreter.ts";
import { FakeWorld, reportOf, UNREACHABLE } from "../functions/updates/fakes/fake-world.ts";

const ROOT = join(import.meta.dirname, "../..");
const DEFINITION = readDefinition(ROOT, "updates-check");

/** Bytes of a state's input or output (Step Functions guide, "Service quotas"). */
const LARGEST_STATE_BYTES = 262_144;
/** Events of an execution's history (same page); a Lambda task in a Map is seven, one that is caught nine. */
const MOST_EVENTS = 25_000;

/** What was seen of a run. */
interface Run {
  readonly world: FakeWorld;
  readonly largestStateBytes: number;
  readonly mostAtOnce: number;
  readonly tasks: number;
}

/** Runs the machine itself over a fake world, and measures what is between its states. */
async function run(world: FakeWorld, time: string): Promise<Run> {
  const seen = { largestStateBytes: 0, mostAtOnce: 0, tasks: 0, busy: 0 };
  const measure = (value: unknown) => {
    const bytes = Buffer.byteLength(JSON.stringify(value ?? null));
    seen.largestStateBytes = Math.max(seen.largestStateBytes, bytes);
  };
  const perform = async (state: string, input: unknown) => {
    measure(input);
    seen.tasks += 1;
    seen.busy += 1;
    seen.mostAtOnce = Math.max(seen.mostAtOnce, seen.busy);
    const output = await carryOut(world, state, input).finally(() => {
      seen.busy -= 1;
    });
    measure(output);
    return output;
  };
  const onVisit = ({ value }: StateVisit) => measure(value);
  const options = { executionArn: "arn:aws:states:x", name: "many", perform, onVisit };
  expect(await interpret(DEFINITION, { time }, options)).toMatchObject({ status: "SUCCEEDED" });
  return { world, ...seen };
}

/** What each function does, with the world's ports. */
// biome-ignore lint/suspicious/noExplicitAny: the inputs are the machine's, which other tests hold to the handlers'
async function carryOut(world: FakeWorld, state: string, input: any): Promise<unknown> {
  const { book, hosts, servers, images, fleet } = world;
  await new Promise((tick) => setImmediate(tick)); // so that those that may run at once do
  switch (state) {
    case "PlanCheck":
      return planCheck(new Date(input.time), fleet, book, new Date(input.time));
    case "CheckHost":
      return (await checkHost(input, (name) => world.find(name), { book, hosts })).outcome.kind;
    case "CheckRelease":
      await checkRelease(input, { book, servers, images });
      return null;
    case "ComposeReport": {
      const { reports, trouble } = await composeReport(input.check, fleet, book, "prod");
      return {
        hasReports: reports.length > 0,
        trouble: trouble ?? { error: "", cause: "" },
        reports: reports.map((one) => ({ ...one, hasMessage: one.message !== null, hasBuilds: false })),
      };
    }
    case "SendMessage":
      world.mails.push(input.message);
      return { sent: 1 };
    default:
      return settleReports(input.reports, book);
  }
}

function thousand(): string[] {
  return Array.from(
    { length: 1000 },
    (_, index) => `host-with-a-long-name-${String(index).padStart(8, "0")}`,
  );
}

describe("a thousand hosts", () => {
  it("that differ in everything: bounded state, bounded concurrency, a bounded mail that says what is left out", async () => {
    const world = new FakeWorld(thousand());
    for (const [index, name] of thousand().entries()) {
      const packages = Array.from({ length: 40 }, (_, at) => `package-${index}-${at}-${"x".repeat(30)}`);
      world.answers[name] = index % 10 === 0 ? UNREACHABLE : { text: reportOf(packages) };
    }
    const { largestStateBytes, mostAtOnce, tasks } = await run(world, "2026-11-27T06:00:00.000Z");
    expect(largestStateBytes).toBeLessThan(LARGEST_STATE_BYTES / 2);
    expect(mostAtOnce).toBeLessThanOrEqual(20);
    expect(mostAtOnce).toBeGreaterThan(10); // or it would take all day
    expect(tasks * 9).toBeLessThan(MOST_EVENTS);
    const [mail] = world.mails;
    expect(Buffer.byteLength(mail?.text ?? "")).toBeLessThan(48 * 1024);
    expect(mail?.text).toMatch(
      /and news of [89]\d\d more hosts or releases, for which there is no room here/,
    );
    expect(mail?.text).toContain("nightshift updates");
    expect(mail?.subject.length).toBeLessThan(200);
    // Those that are away have the same to be said of them, and stand together.
    expect(mail?.text).toMatch(/host-with-a-long-name-00000000, .* and 88 more \(100\)\n {2}not checked: /);
  });

  it("three reports that were not carried out travel in one state", async () => {
    const world = new FakeWorld(thousand());
    for (const day of [1, 2, 3]) {
      for (const name of thousand())
        world.answers[name] = { text: reportOf([`package-${name.slice(-4)}-${day}`]) };
      world.stepsToLive = 2 * (1 + 1000 + 1 + 1 + 1); // dies when its report is on record, and nothing was sent
      expect(await world.run(`2026-11-0${day}T06:00:00.000Z`)).toBe(false);
    }
    const { largestStateBytes } = await run(world, "2026-11-04T06:00:00.000Z");
    expect(world.mails).toHaveLength(3);
    expect(largestStateBytes).toBeLessThan(LARGEST_STATE_BYTES);
    expect(largestStateBytes).toBeGreaterThan(LARGEST_STATE_BYTES / 3); // or the test would be about nothing
  });
});
