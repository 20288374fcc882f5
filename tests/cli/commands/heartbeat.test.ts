import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { afterAll, describe, expect, test } from "@jest/globals";
import { readHeartbeatPath } from "../../../functions/monitor/heartbeats/heartbeat-url.ts";
import { fakeDeps, nightshift, temporaryProject } from "../fixtures/fake-deps.ts";
import { fakeParameters } from "../fixtures/fake-watch.ts";

const root = temporaryProject();
afterAll(() => rmSync(root, { recursive: true }));

const URL_NAME = "/nightshift/prod/monitor/heartbeat-url";
const SECRET_NAME = "/nightshift/prod/monitor/heartbeat-secret";
const SECRET = "a-secret-of-32-characters-at-least";
const BASE = "https://abc123.lambda-url.us-west-2.on.aws/";
const DEPLOYED = { [URL_NAME]: BASE, [SECRET_NAME]: SECRET };

function run(parameters: ReturnType<typeof fakeParameters>, line: string, regions: string[] = []) {
  const loadParameters = async (region: string) => {
    regions.push(region);
    return parameters;
  };
  return nightshift(fakeDeps(root, { loadParameters }), ...line.split(" "));
}

describe("nightshift heartbeat", () => {
  test("prints an address that is heard as this check's, and lines that use it", async () => {
    const regions: string[] = [];
    const { out, err, status } = await run(fakeParameters(DEPLOYED), "heartbeat tarsnap-nightly", regions);
    const url = /^ {2}(https:\S+)$/m.exec(out)?.[1] ?? "";
    expect(url.startsWith(`${BASE}tarsnap-nightly/`)).toBe(true); // one slash, not two
    expect(readHeartbeatPath(new URL(url).pathname, SECRET)).toEqual({
      check: "tarsnap-nightly",
      beat: { kind: "success" },
    });
    expect(out).toMatch(
      /^tarsnap-nightly \(Our own backup\) must report success every 24 h, and may be 1 h late\.$/m,
    );
    const curl = "curl -fsS -m 10 --retry 5 -o /dev/null";
    expect(out).toContain(`\n  ${curl} ${url}/start; JOB; ${curl} ${url}/$?\n`);
    expect(out).toContain(`\n  fetch -q -T 10 -o /dev/null ${url}/start; JOB; fetch`);
    expect(out).not.toContain(SECRET);
    expect([err, status, regions]).toEqual(["", 0, ["us-west-2"]]);
  });

  test.each([
    ["true", ["start", "0"], "a job that ends well"],
    ["(exit 3)", ["start", "3"], "one that fails says how"],
  ])("its line, run by sh around %s, reports %j", async (job, reported) => {
    const { out } = await run(fakeParameters(DEPLOYED), "heartbeat tarsnap-nightly --json");
    const { crontab, url } = JSON.parse(out) as { crontab: string; url: string };
    expect(crontab).not.toContain("%"); // which crontab(5) takes for a new line
    const line = crontab
      .replaceAll(/curl \S+( -\S+ \d+| --retry 5| -o \/dev\/null)*/g, "echo")
      .replace("JOB", job);
    const { stdout } = spawnSync("/bin/sh", ["-c", line], { encoding: "utf8" });
    expect(stdout.trim().split("\n")).toEqual(reported.map((end) => `${url}/${end}`));
  });

  test("--make-secret makes one of 256 bits where there is none", async () => {
    const parameters = fakeParameters({ [URL_NAME]: BASE });
    const { out, status } = await run(parameters, "heartbeat tarsnap-nightly --make-secret");
    const secret = parameters.values.get(SECRET_NAME) ?? "";
    expect(Buffer.from(secret, "base64url")).toHaveLength(32);
    expect(parameters.secrets).toEqual([SECRET_NAME]);
    const url = /^ {2}(https:\S+)$/m.exec(out)?.[1] ?? "";
    expect(readHeartbeatPath(new URL(url).pathname, secret)?.check).toBe("tarsnap-nightly");
    expect(status).toBe(0);
  });

  test("--make-secret leaves the one that there is, and so all addresses that are in use", async () => {
    const parameters = fakeParameters(DEPLOYED);
    const before = await run(parameters, "heartbeat tarsnap-nightly");
    const { out } = await run(parameters, "heartbeat tarsnap-nightly --make-secret");
    expect(out).toBe(before.out);
    expect(parameters.values.get(SECRET_NAME)).toBe(SECRET);
  });

  test("two at once: whoever is second prints the first one's address", async () => {
    const parameters = fakeParameters({ [URL_NAME]: BASE });
    const line = "heartbeat tarsnap-nightly --make-secret";
    const [one, other] = await Promise.all([run(parameters, line), run(parameters, line)]);
    expect(one.out).toBe(other.out);
    expect(parameters.secrets).toHaveLength(1);
  });
});

describe("what is missing is said, with what to do", () => {
  test.each<[Record<string, string>, string, string, string]>([
    [
      {},
      "tarsnap-nightly",
      'the monitor is not deployed as stage "prod" in us-west-2\nDeploy it: npm run deploy -- --stage prod --only watch',
      "no stack",
    ],
    [
      { [URL_NAME]: BASE },
      "tarsnap-nightly",
      "Make it, once: nightshift heartbeat tarsnap-nightly --stage prod --make-secret",
      "no secret",
    ],
    [
      { [URL_NAME]: BASE, [SECRET_NAME]: "short" },
      "tarsnap-nightly",
      "less than 32 characters",
      "no report would be heard",
    ],
    [
      DEPLOYED,
      "tarsnap-nigthly",
      'no check "tarsnap-nigthly"; jobs report to those of kind heartbeat\nDid you mean "tarsnap-nightly"?',
      "mistyped",
    ],
    [DEPLOYED, "mail", "mail is a check of kind smtp", "another kind"],
    [DEPLOYED, "constructor", 'no check "constructor"', "a name that JavaScript knows"],
  ])("%j, %s", async (values, check, says) => {
    const { out, err, status } = await run(fakeParameters(values), `heartbeat ${check}`);
    expect(err).toContain(says);
    expect([out, status]).toEqual(["", 1]);
  });
});
