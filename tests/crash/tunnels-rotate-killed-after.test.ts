import { expect } from "@jest/globals";
import { describeKills } from "./crash-suite.ts";
import { rotateWithKills } from "./tunnels-rotate.ts";

const calm = await rotateWithKills([]);

describeKills(
  {
    name: "tunnels-rotate",
    steps: calm.steps,
    run: rotateWithKills,
    sample: 3,
    expectSame: ({ outcome, facts }) => {
      expect(outcome).toEqual({ status: "SUCCEEDED", output: expect.anything() });
      expect(facts).toEqual(calm.facts);
    },
  },
  "after",
);
