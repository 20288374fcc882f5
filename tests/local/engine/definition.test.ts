import { describe, expect, it } from "@jest/globals";
import {
  allStates,
  type Definition,
  reachableStates,
  statesThatLeadToCleanUp,
  statesThatPrecede,
} from "../../../local/engine/definition.ts";

const TO_CLEAN_UP = [{ ErrorEquals: ["States.ALL"], Next: "Note" }];

const MACHINE: Definition = {
  StartAt: "Check",
  States: {
    Check: { Type: "Task", Catch: [{ ErrorEquals: ["States.ALL"], Next: "Refused" }], Next: "Ready" },
    Ready: { Type: "Choice", Choices: [{ Next: "Copy" }], Default: "Pause" },
    Pause: { Type: "Wait", Seconds: 1, Next: "Check" },
    Copy: {
      Type: "Map",
      ItemProcessor: { StartAt: "CopyOne", States: { CopyOne: { Type: "Task", End: true } } },
      Catch: TO_CLEAN_UP,
      Next: "Publish",
    },
    Publish: { Type: "Task", Catch: [{ ErrorEquals: ["TakenError"], Next: "Note" }], Next: "CleanUpBuild" },
    Note: { Type: "Pass", Next: "CleanUpBuild" },
    CleanUpBuild: { Type: "Task", Catch: [{ ErrorEquals: ["States.ALL"], Next: "Refused" }], End: true },
    Refused: { Type: "Fail" },
  },
};

describe("a machine's states", () => {
  it("are found inside of Maps, with the Map that they lie in", () => {
    const found = allStates(MACHINE).map(({ name, map }) => (map === undefined ? name : `${map}/${name}`));
    expect(found).toEqual([
      "Check",
      "Ready",
      "Pause",
      "Copy",
      "Copy/CopyOne",
      "Publish",
      "Note",
      "CleanUpBuild",
      "Refused",
    ]);
  });

  it.each([
    ["by Next, and a failure's Catch", "Note", ["CleanUpBuild", "Note", "Refused"]],
    ["by Choices and Default, around a loop once", "Pause", Object.keys(MACHINE.States).sort()],
    ["not at all from one that is not there", "Missing", []],
  ])("are reached %s", (_, from, reached) => {
    expect([...reachableStates(MACHINE, from)].sort()).toEqual(reached);
  });
});

it("a run may be interrupted where any failure leads to clean-up, and nowhere else", () => {
  // Not Check, which ends at once; not Publish, whose Catch is for one error; not clean-up itself.
  expect([...statesThatLeadToCleanUp(MACHINE)]).toEqual(["Copy", "CopyOne"]);
});

it("to undo is to clean up", () => {
  const { CleanUpBuild: undo, ...states } = MACHINE.States;
  const text = JSON.stringify({ ...states, UndoBuild: undo }).replaceAll("CleanUpBuild", "UndoBuild");
  const machine: Definition = { ...MACHINE, States: JSON.parse(text) };
  expect([...statesThatLeadToCleanUp(machine)]).toEqual(["Copy", "CopyOne"]);
});

it("a wait may be cut short where an interruption can still be taken afterwards", () => {
  const stoppable = statesThatLeadToCleanUp(MACHINE);
  expect([...statesThatPrecede(MACHINE, stoppable)]).toEqual(["Check", "Ready", "Pause", "Copy", "CopyOne"]);
});
