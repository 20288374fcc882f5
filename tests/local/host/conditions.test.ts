import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { HostCondition } from "../../../local/host/condition.ts";
import { CONDITIONS, type ConditionName } from "../../../local/host/conditions.ts";
import { HALF } from "../../../local/host/misbehaviour.ts";
import { type HostsScene, hostsScene } from "../../../local/rehearsal/hosts-scene.ts";
import { runAsRoot, runErrand } from "./on-host.ts";

const ROOT = join(import.meta.dirname, "../../..");
const FETCH = "freebsd-update --not-running-from-cron fetch";

let scene: HostsScene;
beforeAll(async () => {
  scene = await hostsScene({
    ...{ root: ROOT, fleetFile: join(ROOT, "fleet.yml"), faults: [] },
    time: new Date("2026-11-27T05:00:00.000Z"),
    folder: mkdtempSync(join(tmpdir(), "nightshift-conditions-")),
  });
});
afterAll(() => scene.close());

/** What stand-ins say on a host in that condition. */
async function said(condition: HostCondition, command: string) {
  await scene.host("www").setCondition(condition);
  return runAsRoot(scene, "www", command);
}

describe("programs of a host", () => {
  it.each([
    ["up-to-date", "pkg upgrade -qn", 0, /^$/],
    ["up-to-date", "pkg audit -Fq --raw=json-compact", 0, /^\{"pkg_count":0\}\n$/],
    ["packages-pending", "pkg upgrade -qn -r cluster", 0, /\tcurl: 8\.17\.0 -> 8\.18\.0 \[cluster\]\n/],
    ["packages-pending", "pkg upgrade -qn -r FreeBSD-base", 0, /^$/],
    ["packages-pending-old-pkg", "pkg upgrade -qn", 1, /\tcurl: 8\.17\.0 -> 8\.18\.0 \[cluster\]\n/],
    [
      "base-pending-15",
      "pkg upgrade -qn -r FreeBSD-base",
      0,
      /\tFreeBSD-runtime: 15\.1 -> 15\.1p3 \[FreeBSD-base\]\n/,
    ],
    ["vulnerable", "pkg upgrade -qn", 0, /\(vulnerable!\)/],
    ["vulnerable", "pkg audit -Fq --raw=json-compact", 1, /"issue_count":1/],
    ["repository-broken", "pkg upgrade -qn 2>&1", 1, /Error updating repositories!\n$/],
    ["repository-broken", "pkg audit -Fq --raw=json-compact", 1, /^$/],
    ["newer-freebsd", "pkg upgrade -qn", 1, /^Newer FreeBSD version for package/],
    ["new-pkg", "pkg upgrade -qn", 0, /^New version of pkg detected/],
    ["reboot-due", "freebsd-version -kru", 0, /^15\.1-RELEASE-p3\n15\.1-RELEASE-p1\n15\.1-RELEASE-p3\n$/],
    ["reboot-due", "uname -r", 0, /^15\.1-RELEASE-p1\n$/],
    ["up-to-date", "freebsd-version -kru", 0, /^(15\.1-RELEASE-p3\n){3}$/],
  ] satisfies [ConditionName, string, number, RegExp][])("%s: %s", async (name, command, status, output) => {
    const answer = await said(CONDITIONS[name], command);
    expect(answer.status).toBe(status);
    expect(answer.stdout).toMatch(output);
  });
});

describe("programs of a host of 14.3", () => {
  let older: HostsScene;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "nightshift-conditions-14-"));
    const fleetFile = join(folder, "fleet-14.yml");
    writeFileSync(fleetFile, readFileSync(join(ROOT, "fleet.yml"), "utf8").replace('"15.1"', '"14.3"'));
    const time = new Date("2026-11-27T05:00:00.000Z");
    older = await hostsScene({ root: ROOT, fleetFile, faults: [], time, folder });
  });
  afterAll(() => older.close());

  it.each([
    ["up-to-date", FETCH, 0, /\n\nNo updates needed to update system to 14\.3-RELEASE-p3\.\n$/],
    ["up-to-date", "freebsd-update updatesready", 2, /^No updates are available to install\.\n$/],
    [
      "base-pending-14",
      FETCH,
      0,
      /will be updated as part of updating to\n14\.3-RELEASE-p4:\n\/bin\/freebsd-version\n/,
    ],
    ["base-pending-14", "freebsd-update updatesready", 0, /^There are updates available to install\.\n/],
    ["base-pending-14", "freebsd-version -ku", 0, /^(14\.3-RELEASE-p2\n){2}$/],
    ["end-of-life-passed", FETCH, 1, /HAS PASSED ITS END-OF-LIFE DATE\.\n/],
    ["end-of-life-near", FETCH, 0, /release within the next 2 months\.\n$/],
    ["half-upgraded", FETCH, 1, /^You have a partially completed upgrade pending\n/],
    ["update-server-older", FETCH, 1, /Cowardly refusing to proceed any further\.\n$/],
    ["update-server-broken", FETCH, 1, /No mirrors remaining, giving up\.\n$/],
    [
      "up-to-date",
      "freebsd-update fetch",
      1,
      /^freebsd-update fetch should not be run non-interactively\.\n/,
    ],
  ] satisfies [ConditionName, string, number, RegExp][])("%s: %s", async (name, command, status, output) => {
    await older.host("www").setCondition(CONDITIONS[name]);
    const answer = await runAsRoot(older, "www", command);
    expect(answer.stdout).toMatch(output);
    expect(answer.status).toBe(status);
  });
});

describe("hosts that misbehave", () => {
  const missed = async (name: ConditionName) => {
    await scene.host("mail").setCondition(CONDITIONS[name]);
    return runErrand(scene, "mail", "updates", { timeoutSeconds: 2, outputLimitBytes: 100_000 }).then(
      (result) => result.stdout,
      (error: Error) => error.name,
    );
  };
  it.each([
    ["dark", "HostUnreachableError"],
    ["silent", "HostHungError"],
    ["target-down", "PipeRefusedError"],
    ["other-host-key", "HostKeyChangedError"],
    ["hangs", "HostHungError"],
    ["endless", "OutputTooLongError"],
    ["dies", "HostLostError"],
  ] as const)("%s: %s", async (name, error) => {
    expect(await missed(name)).toBe(error);
  });

  it("print nonsense, or half of it, and are themselves again afterwards", async () => {
    expect(await missed("nonsense")).toContain("\u001b[31m\u0000");
    expect(HALF).not.toContain("end\n");
    expect(await missed("up-to-date")).toMatch(/^nightshift-updates 1\n/);
  });
});
