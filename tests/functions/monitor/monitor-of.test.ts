import { describe, expect, it } from "@jest/globals";
import { parseFleet } from "#fleet";
import { monitorOf } from "../../../functions/monitor/monitor-of.ts";
import { SHIPPED } from "../../layers/fleet/fleet-text.ts";

const fleet = parseFleet(SHIPPED, "fleet.yml");

describe("the section monitor", () => {
  it("is the fleet's", () => {
    expect(monitorOf(fleet)).toBe(fleet.monitor);
  });

  it("is asked for by name where there is none", () => {
    expect(() => monitorOf({ ...fleet, monitor: undefined })).toThrow(
      expect.objectContaining({ name: "NoMonitorError", message: expect.stringContaining("fleet.yml") }),
    );
  });
});
