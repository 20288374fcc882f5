import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { describeFleet, type Fleet, parseFleet, renderFleet } from "#fleet";
import { arbitraryFleet } from "./arbitrary-fleet.ts";
import { SHIPPED } from "./fleet-text.ts";

test("the shipped fleet survives being written and read again", () => {
  const fleet = parseFleet(SHIPPED, "fleet.yml");
  expect(parseFleet(renderFleet(fleet), "again")).toEqual(fleet);
});

test("so does any fleet, whatever its texts look like to YAML", () => {
  fc.assert(
    fc.property(arbitraryFleet, (fleet: Fleet) => {
      expect(parseFleet(renderFleet(fleet), "again")).toEqual(fleet);
    }),
    { numRuns: 60 },
  );
});

test("and any fleet can be described, a line for each kind of check and every check in one", () => {
  fc.assert(
    fc.property(arbitraryFleet, (fleet: Fleet) => {
      const lines = describeFleet(fleet).split("\n");
      const { checks = {} } = fleet.monitor ?? {};
      for (const [name, { kind }] of Object.entries(checks)) {
        const row = lines.filter((line) => line.startsWith(`  ${kind.padEnd(11)} `));
        expect(row).toHaveLength(1);
        expect(row[0]?.slice(14).split(/, | \([^)]*\)/)).toContain(name);
      }
    }),
    { numRuns: 60 },
  );
});
