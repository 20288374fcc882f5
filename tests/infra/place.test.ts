import { describe, expect, it } from "@jest/globals";
import {
  ofPlace,
  PLACES,
  placeOfDomain,
  placeOfMachine,
  placeOfTarget,
  regionOf,
  stackName,
} from "../../infra/place.ts";

describe("where something is deployed", () => {
  it.each([
    { what: "the monitoring", place: placeOfDomain("monitor"), is: "watch" },
    { what: "what watches the monitoring", place: placeOfDomain("deadman"), is: "home" },
    { what: "a domain that only begins alike", place: placeOfDomain("monitors"), is: "home" },
    { what: "a machine of the monitoring", place: placeOfMachine("monitor-escalate"), is: "watch" },
    { what: "a machine of another domain", place: placeOfMachine("ami-build"), is: "home" },
    { what: "a machine whose process is called so", place: placeOfMachine("ami-monitor"), is: "home" },
    { what: "a schedule of a machine", place: placeOfTarget({ machine: "monitor-escalate" }), is: "watch" },
    {
      what: "a schedule of a function",
      place: placeOfTarget({ function: "monitor/run-checks" }),
      is: "watch",
    },
    { what: "a pattern", place: placeOfTarget({ function: "mail/record-outcome" }), is: "home" },
  ])("$what: $is", ({ place, is }) => {
    expect(place).toBe(is);
  });

  it("what belongs to a place is found by its target, under its name", () => {
    const all = { a: { machine: "ami-build" }, b: { function: "monitor/run-checks" } };
    expect(ofPlace(all, "home")).toEqual({ a: all.a });
    expect(ofPlace(all, "watch")).toEqual({ b: all.b });
  });

  it("what watches is deployed before what it watches", () => {
    expect(PLACES).toEqual(["watch", "home"]);
  });

  it("the region is the fleet's, the stack's name the place's", () => {
    const regions = { home: "us-east-1", watch: "us-west-2" };
    expect([regionOf("home", regions), regionOf("watch", regions)]).toEqual(["us-east-1", "us-west-2"]);
    expect([stackName("prod", "home"), stackName("prod", "watch")]).toEqual([
      "nightshift-prod",
      "nightshift-prod-watch",
    ]);
  });
});
