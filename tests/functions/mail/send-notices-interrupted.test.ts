import { describe, expect, test } from "@jest/globals";
import { sendNotices } from "../../../functions/mail/send-notices.ts";
import { noticeDesk, PREFIX } from "./fakes/notice-desk.ts";
import { addresses, callUntilDone, notices, recipients, tellAll } from "./fakes/notice-run.ts";

describe("a power failure at any call, before or after it took effect", () => {
  const METHODS = ["isSuppressed", "claim", "send", "markSent", "allowance", "list", "lines"];
  const rows = METHODS.flatMap((method) =>
    ["before", "after"].flatMap((phase) => [1, 2, 3].map((nth) => ({ method, phase, nth }))),
  );
  test.each(rows)("$method, $phase, at its $nth. call: a run anew brings each mail once", async (failure) => {
    const scene = noticeDesk(notices(5));
    const { ports, quota, shelf } = scene.desk;
    const fails = failing(failure);
    const desk = {
      ...scene.desk,
      quota: fails(quota),
      shelf: fails(shelf),
      ports: {
        ledger: fails(ports.ledger),
        sender: fails(ports.sender),
        suppressions: fails(ports.suppressions),
      },
    };
    const run = sendNotices(PREFIX, undefined, desk, scene.clock).then(
      () => "ended",
      () => "failed",
    );
    const happens = !(failure.method === "allowance" && failure.nth > 1);
    expect(await run).toBe(happens ? "failed" : "ended");
    await tellAll(scene); // SES's events come even though our machine is gone
    const results = await callUntilDone(scene);
    expect(recipients(scene).sort()).toEqual(addresses(5));
    expect(results.at(-1)?.sofar).toMatchObject({ open: [], refused: [], suppressed: 0 });
  });
});

/** Lets the nth call of a method fail as when the power goes: nothing more happens after it. */
function failing({ method, phase, nth }: { method: string; phase: string; nth: number }) {
  let calls = 0;
  return <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const original: unknown = Reflect.get(target, name);
        if (name !== method || typeof original !== "function") return original;
        return async (...args: unknown[]) => {
          calls += 1;
          if (calls === nth && phase === "before") throw new Error("power failure");
          const result: unknown = await original.apply(target, args);
          if (calls === nth) throw new Error("power failure");
          return result;
        };
      },
    });
}
