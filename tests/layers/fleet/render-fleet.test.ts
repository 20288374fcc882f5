import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Fleet, parseFleet, renderFleet } from "#fleet";
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
