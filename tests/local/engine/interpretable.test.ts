import { describe, expect, it } from "@jest/globals";
import type { Definition, State } from "../../../local/engine/definition.ts";
import { interpretable, waitSeconds } from "../../../local/engine/interpretable.ts";

function rewritten(state: State): State | undefined {
  return interpretable({ StartAt: "It", States: { It: state } }).States.It;
}

describe("a machine for the interpreter", () => {
  it("has no deadline of its own: that would be in real time", () => {
    const machine: Definition = { StartAt: "It", TimeoutSeconds: 7200, States: { It: { Type: "Succeed" } } };
    expect(interpretable(machine)).toEqual({ StartAt: "It", States: { It: { Type: "Succeed" } } });
  });

  it.each<[string, State]>([
    ["a fixed wait", { Type: "Wait", Seconds: 60, Next: "Then" }],
    ["a wait from the input", { Type: "Wait", SecondsPath: "$.seconds", Next: "Then" }],
  ])("sleeps as a task: %s", (_, state) => {
    const task = rewritten(state);
    expect(task).toMatchObject({ Type: "Task", Next: "Then", Resource: expect.stringMatching(/^arn:aws:/) });
    expect(task).not.toHaveProperty("Seconds");
    expect(task).not.toHaveProperty("SecondsPath");
  });

  it("tells tasks apart by their state's name, whatever function they call, and keeps what they do on failure", () => {
    const Retry = [{ ErrorEquals: ["X"], MaxAttempts: 2 }];
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "CleanUp" }];
    const task = rewritten({ Type: "Task", Resource: "another:arn", TimeoutSeconds: 30, Retry, Catch });
    expect(task).toMatchObject({ Resource: expect.stringMatching(/:function:It$/), Retry, Catch });
    // The interpreter's own default would end a task that sleeps after 60 real seconds.
    expect(task?.TimeoutSeconds).toBeGreaterThan(86_400);
    expect((task?.TimeoutSeconds ?? 0) * 1000).toBeLessThan(2 ** 31);
  });

  it.each<[string, (inside: Definition) => State, (state?: State) => Definition | undefined]>([
    ["a Map", (ItemProcessor) => ({ Type: "Map", ItemProcessor }), (state) => state?.ItemProcessor],
    [
      "a Parallel's branches",
      (branch) => ({ Type: "Parallel", Branches: [branch] }),
      (state) => state?.Branches?.[0],
    ],
  ])("is rewritten inside of %s as well", (_, around, inside) => {
    const state = rewritten(
      around({ StartAt: "In", States: { In: { Type: "Wait", Seconds: 1, End: true } } }),
    );
    expect(inside(state)?.States.In).toMatchObject({ Type: "Task", End: true });
  });

  it("leaves the original alone", () => {
    const machine: Definition = { StartAt: "It", States: { It: { Type: "Wait", Seconds: 60, End: true } } };
    interpretable(machine);
    expect(machine.States.It).toEqual({ Type: "Wait", Seconds: 60, End: true });
  });
});

describe("waitSeconds", () => {
  it.each([
    ["a number in the machine", { Seconds: 90 }, {}, 90],
    ["zero is a number, too", { Seconds: 0 }, {}, 0],
    ["a path one level down", { SecondsPath: "$.seconds" }, { seconds: 30 }, 30],
    ["a path further down", { SecondsPath: "$.wait.next.seconds" }, { wait: { next: { seconds: 5 } } }, 5],
  ])("%s", (_, how, input, seconds) => {
    expect(waitSeconds({ Type: "Wait", ...how }, input)).toBe(seconds);
  });

  it.each([
    ["nothing there", "$.seconds", {}],
    ["a string there", "$.seconds", { seconds: "30" }],
    ["no object on the way", "$.wait.seconds", { wait: null }],
  ])("refuses a path with %s", (_, SecondsPath, input) => {
    expect(() => waitSeconds({ Type: "Wait", SecondsPath }, input)).toThrow(
      `SecondsPath ${SecondsPath} names no number`,
    );
  });
});
