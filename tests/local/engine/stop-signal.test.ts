import { beforeEach, describe, expect, it } from "@jest/globals";
import type { Definition } from "../../../local/engine/definition.ts";
import { StopSignal } from "../../../local/engine/stop-signal.ts";

const MACHINE: Definition = {
  StartAt: "Wait",
  States: {
    Wait: { Type: "Wait", Seconds: 1, Next: "Work" },
    Work: { Type: "Task", Catch: [{ ErrorEquals: ["States.ALL"], Next: "CleanUp" }], Next: "CleanUp" },
    CleanUp: { Type: "Task", End: true },
  },
};

const forEver = () => new Promise<void>(() => undefined);

let stop: StopSignal;
beforeEach(() => {
  stop = new StopSignal(MACHINE);
});

describe("an interruption", () => {
  it("is taken once, by a state whose failure leads to clean-up", () => {
    stop.interrupt();
    expect(() => stop.takeInterruption("CleanUp")).not.toThrow();
    expect(() => stop.takeInterruption("Work")).toThrow("the run was interrupted");
    expect(() => stop.takeInterruption("Work")).not.toThrow();
  });

  it("is not there before it comes", () => {
    expect(() => stop.takeInterruption("Work")).not.toThrow();
  });

  it("wakes everybody who sleeps on the way to such a state", async () => {
    const sleeping = [stop.sleep("Wait", forEver), stop.sleep("Wait", forEver)];
    // One that has had its sleep out must not be the only one that is woken.
    await stop.sleep("Wait", async () => undefined);
    stop.interrupt();
    await Promise.all(sleeping);
  });

  it("lets nobody fall asleep there any more, until it is taken", async () => {
    stop.interrupt();
    await stop.sleep("Wait", forEver);
    expect(() => stop.takeInterruption("Work")).toThrow();
    let slept = false;
    await stop.sleep("Wait", async () => {
      slept = true;
    });
    expect(slept).toBe(true);
  });
});

describe("a kill", () => {
  it.each(["Wait", "CleanUp"])("ends a sleep in %s as a failure that nothing catches", async (state) => {
    const sleeping = stop.sleep(state, forEver);
    stop.kill();
    await expect(sleeping).rejects.toMatchObject({ name: "PowerFailure" });
    await expect(stop.sleep(state, async () => undefined)).rejects.toMatchObject({ name: "PowerFailure" });
    expect(() => stop.requireLife()).toThrow("killed");
  });

  it("waits for no work that is under way", async () => {
    const working = stop.whileAlive(forEver());
    stop.kill();
    await expect(working).rejects.toMatchObject({ name: "PowerFailure" });
  });
});
