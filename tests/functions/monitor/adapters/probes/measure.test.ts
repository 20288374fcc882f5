import { afterEach, describe, expect, test } from "@jest/globals";
import { measureAll } from "../../../../../functions/monitor/adapters/measurer.ts";
import { Attempt } from "../../../../../functions/monitor/adapters/probes/attempt.ts";
import { openResolver } from "../../../../../functions/monitor/adapters/probes/connect.ts";
import { closeServers, listen, refusedAddress, saying, silent } from "../../servers/loopback.ts";
import { openNameServer } from "../../servers/name-server.ts";
import { checkOf, measured, surroundingsWith } from "../../servers/stage.ts";

afterEach(closeServers);

const SSH = "/nightshift/pipes/SSH";
const broken = () => Promise.reject(new TypeError("cannot read what is not there"));

describe("what goes wrong in a probe", () => {
  test.each([
    {
      why: "beats cannot be read",
      check: { kind: "heartbeat", withinMinutes: 60 },
      change: { beats: broken },
    },
    {
      why: "executions cannot be read",
      check: { kind: "execution", machine: "billing-nightly", withinHours: 25 },
      change: { executions: broken },
    },
  ])("FAILED, and it says so: $why", async ({ check, change }) => {
    expect(await measured(check, change)).toEqual({
      verdict: "FAILED",
      reason: "the probe itself failed: cannot read what is not there",
      milliseconds: expect.any(Number),
    });
  });

  test("FAILED: something throws what is no error", async () => {
    const beats = () => Promise.reject("just a word");
    expect(await measured({ kind: "heartbeat", withinMinutes: 60 }, { beats })).toMatchObject({
      verdict: "FAILED",
      reason: "the probe itself failed: just a word",
    });
  });

  test("TIMED OUT: something never comes back", async () => {
    const executions = () => new Promise<never>(() => undefined);
    const check = { kind: "execution", machine: "billing-nightly", withinHours: 25, timeoutSeconds: 0.2 };
    expect(await measured(check, { executions })).toMatchObject({
      verdict: "TIMED OUT",
      reason: "no answer in 0.2 s, asking Step Functions about billing-nightly",
    });
  });

  test("a reason is one short line, whatever a server says", async () => {
    const { address } = await listen(saying(`${"\u202eevil\u0000 ".repeat(90)}\r\n`));
    const { reason } = await measured({ kind: "tcp", address, expect: "x".repeat(200) });
    expect(reason.length).toBeLessThanOrEqual(300);
    expect(reason).toMatch(/^[\x20-\x7e…]*$/u);
  });
});

describe("nothing is left open", () => {
  const secrets = { keyParameter: SSH };
  test.each([
    { kind: "tcp", expect: "x" },
    { kind: "http", url: true },
    { kind: "tls" },
    { kind: "smtp" },
    { kind: "smtp", security: "tls" },
    { kind: "smtp", security: "spiped", ...secrets },
    { kind: "spiped" },
    { kind: "spiped", ...secrets },
    { kind: "ssh", ...secrets },
    {
      kind: "backup",
      ...secrets,
      sshKeyParameter: "/nightshift/ssh/canary",
      hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILn4itH1jt1avdbQv+0z/XgCS5jRHQ8f5cacw1UEUz2c",
    },
  ])("of $kind, when a server is silent: %j", async ({ url, ...check }) => {
    const { address, port, untilLeft } = await listen(silent);
    const place = url === true ? { url: `http://127.0.0.1:${port}/` } : { address };
    expect(await measured({ ...check, ...place, timeoutSeconds: 0.2 })).toMatchObject({
      verdict: "TIMED OUT",
    });
    await untilLeft();
  });

  test("of dns: the question is withdrawn", async () => {
    const server = await openNameServer({ "slow.example": "silence" });
    const attempt = new Attempt("the-check", { timeoutSeconds: 20 });
    const question = openResolver(attempt, [server.address]).resolve4("slow.example");
    attempt.end();
    await expect(question).rejects.toMatchObject({ code: "ECANCELLED" });
    server.close();
  });

  test("what comes when the time is up is closed at once", () => {
    const attempt = new Attempt("the-check", { timeoutSeconds: 1 });
    const closed: string[] = [];
    const resource = (name: string) => ({ destroy: () => closed.push(name) });
    attempt.own(resource("first"));
    attempt.own(resource("second"));
    attempt.end();
    attempt.own(resource("late"));
    expect(closed).toEqual(["second", "first", "late"]);
  });
});

describe("many checks", () => {
  test("each gets its own result, and the others do not wait for one", async () => {
    const good = await listen(silent);
    const refused = await refusedAddress();
    const checks = {
      good: checkOf({ kind: "tcp", address: good.address }),
      refused: checkOf({ kind: "tcp", address: refused }),
      broken: checkOf({ kind: "heartbeat", withinMinutes: 5 }),
      silent: checkOf({ kind: "tcp", address: good.address, expect: "x", timeoutSeconds: 0.2 }),
    };
    const results = await measureAll(checks, surroundingsWith({ beats: broken }));
    expect(Object.fromEntries([...results].map(([name, { verdict }]) => [name, verdict]))).toEqual({
      good: "GOOD",
      refused: "FAILED",
      broken: "FAILED",
      silent: "TIMED OUT",
    });
  });

  test("no more at once than there may be", async () => {
    let now = 0;
    let most = 0;
    const beats = async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((wake) => setTimeout(wake, 5));
      now -= 1;
      return { watchedSince: new Date() };
    };
    const check = checkOf({ kind: "heartbeat", withinMinutes: 60 });
    const checks = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`check-${index}`, check]));
    const results = await measureAll(checks, surroundingsWith({ beats }), { concurrency: 3 });
    expect(results.size).toBe(20);
    expect(most).toBe(3);
  });

  test("what could not be waited for is not begun, and nothing is said of it", async () => {
    const server = await listen(silent);
    const checks = {
      long: checkOf({ kind: "tcp", address: server.address, timeoutSeconds: 10 }),
      short: checkOf({ kind: "tcp", address: server.address, timeoutSeconds: 4 }),
    };
    const results = await measureAll(checks, surroundingsWith(), { withinSeconds: 5 });
    expect([...results.keys()]).toEqual(["short"]);
  });

  test("no checks, no results", async () => {
    expect(await measureAll({}, surroundingsWith())).toEqual(new Map());
  });
});
