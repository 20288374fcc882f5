import fc from "fast-check";
import { type Check, type MaintenanceWindow, type Monitor, parseFleet } from "#fleet";
import { SHIPPED } from "./fleet-text.ts";

const { monitor: shipped } = parseFleet(SHIPPED, "fleet.yml");
if (shipped === undefined) throw new Error("fleet.yml has no monitor");

/** Names that YAML or JavaScript might take for something else. */
const name = fc.oneof(
  fc.constantFrom("null", "true", "no", "on", "y", "constructor", "e5", "x1e3"),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/),
);
const timeOfDay = fc
  .record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) })
  .map(({ hour, minute }) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
const timeZone = fc.constantFrom("UTC", "America/Vancouver", "Asia/Kathmandu", "Pacific/Chatham");
const phone = fc.stringMatching(/^\+1[2-9]\d{2}55501\d{2}$/);
const title = fc.oneof(
  fc.constantFrom("1e3", "2026-11-22", "- a", "a: b # c", "~"),
  fc.stringMatching(/^[\x20-\x7e]{1,20}$/),
);

const contact = fc.record(
  {
    phone,
    quiet: fc.record({ from: timeOfDay, to: timeOfDay, timeZone }, { requiredKeys: ["from", "to"] }),
  },
  { requiredKeys: ["phone"] },
);

/** A check of the shipped fleet, or a like one. Parents are given afterwards, when it is known which checks there are. */
const check: fc.Arbitrary<Check> = fc
  .record({
    like: fc.constantFrom(...Object.values(shipped.checks)),
    title,
    everyMinutes: fc.constantFrom(1 as const, 2 as const, 5 as const, 15 as const, 60 as const),
    critical: fc.boolean(),
    northStar: fc.boolean(),
  })
  .map(({ like: { parent: _, ...like }, ...rest }) => ({ ...like, ...rest }) as Check);

/** A check's parent is one before it, so that there is no circle. */
const checks: fc.Arbitrary<Record<string, Check>> = fc
  .uniqueArray(fc.tuple(name, check, fc.option(fc.nat(), { nil: undefined })), {
    selector: ([one]) => one,
    minLength: 1,
    maxLength: 6,
  })
  .map((all) => {
    const entries = all.map(([one, its, parent], index): [string, Check] => {
      const before = parent === undefined || index === 0 ? undefined : all[parent % index]?.[0];
      return [one, before === undefined ? its : { ...its, parent: before }];
    });
    return Object.fromEntries(entries);
  });

function windows(names: readonly string[]): fc.Arbitrary<MaintenanceWindow[]> {
  const when = fc.oneof(
    fc.constantFrom("day" as const, "SUN" as const, "FRI" as const).map((every) => ({ every })),
    fc.constantFrom("2026-12-05", "2028-02-29").map((on) => ({ on })),
  );
  const rest = fc.record(
    { at: timeOfDay, minutes: fc.integer({ min: 1, max: 1440 }), checks: fc.subarray([...names]) },
    { requiredKeys: ["at", "minutes"] },
  );
  return fc.array(
    fc.tuple(when, rest).map(([one, other]) => ({ ...one, ...other })),
    { maxLength: 3 },
  );
}

/** Monitors that are valid and strange. */
export const arbitraryMonitor: fc.Arbitrary<Monitor> = checks.chain((chosen) =>
  fc
    .record({
      from: phone,
      timeZone,
      contacts: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), contact, {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      }),
      escalation: fc.record({
        callAfterMinutes: fc.integer({ min: 1, max: 120 }),
        nextAfterMinutes: fc.integer({ min: 1, max: 120 }),
        rounds: fc.integer({ min: 1, max: 20 }),
      }),
      acknowledgedHours: fc.integer({ min: 1, max: 72 }),
      messagesPerHour: fc.integer({ min: 4, max: 500 }),
      statusPage: fc.record({ title }),
      maintenance: windows(Object.keys(chosen)),
    })
    .map((rest) => ({ ...rest, checks: chosen })),
);
