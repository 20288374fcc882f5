import { rmSync } from "node:fs";
import { afterAll, describe, expect, test } from "@jest/globals";
import ssh2 from "ssh2";
import type { Deps } from "../../../cli/deps.ts";
import { fingerprintOf } from "../../../functions/tunnels/fingerprint.ts";
import type { RotationRecord } from "../../../functions/tunnels/rotation.ts";
import { fakeDeps, nightshift, temporaryProject } from "../fixtures/fake-deps.ts";
import { FakeMachines } from "../fixtures/fake-machines.ts";
import { fakeParameters } from "../fixtures/fake-watch.ts";
import { HistoryBuilder } from "../fixtures/history.ts";

const root = temporaryProject();
afterAll(() => rmSync(root, { recursive: true }));

const KEY = Buffer.alloc(32, 7).toString("base64");
const OTHER = Buffer.alloc(32, 8).toString("base64");
const P = "/nightshift/pipes";
const BOTH = { [`${P}/SSH`]: KEY, [`${P}/MAIL`]: KEY, [`${P}/PKG`]: KEY };

interface Regions {
  readonly home: ReturnType<typeof fakeParameters>;
  readonly watch: ReturnType<typeof fakeParameters>;
}

function regionsWith(home: Record<string, string>, watch = home): Regions {
  return { home: fakeParameters(home), watch: fakeParameters(watch) };
}

function run({ home, watch }: Regions, line: string, options: Partial<Deps> = {}) {
  const loadParameters = async (region: string) => (region === "us-east-1" ? home : watch);
  return nightshift(fakeDeps(root, { loadParameters, ...options }), ...line.split(" "));
}

describe("nightshift keys list", () => {
  test("every key that the fleet names, with who uses it, and no key", async () => {
    const { out, err, status } = await run(regionsWith(BOTH), "keys list");
    expect([err, status]).toEqual(["", 0]);
    expect(out.split("\n")[0]).toMatch(/^KEY +FINGERPRINT +CHANGED +REGIONS +ROTATION +USED BY$/);
    const short = fingerprintOf(Buffer.alloc(32, 7)).slice(0, 12);
    expect(out).toMatch(new RegExp(`^SSH +${short} +1 day ago +same +- +into www, into mail, into pkg`, "m"));
    expect(out).toMatch(new RegExp(`^MAIL +${short} +1 day ago +same +- +out of www, out of mail`, "m"));
    expect(out).not.toContain(KEY.slice(0, 12));
  });

  const record = (phase: "opening" | "switching") =>
    ({
      executionArn: "arn:x",
      phase,
      from: "",
      to: "",
      startedAt: "",
      rotatedAt: "",
      rotatedBy: "",
    }) satisfies RotationRecord;
  test.each<[string, Regions, Partial<Deps>, RegExp, string]>([
    [
      "the watch region has none",
      regionsWith(BOTH, {}),
      {},
      /^SSH .* home only /m,
      "make it where it is missing",
    ],
    [
      "the home region has none",
      regionsWith({}, BOTH),
      {},
      /^SSH +- +- +watch only /m,
      "nightshift keys new SSH",
    ],
    ["nobody has one", regionsWith({}), {}, /^SSH +- +- +neither /m, "nightshift keys new SSH"],
    [
      "they differ",
      regionsWith(BOTH, { ...BOTH, [`${P}/SSH`]: OTHER }),
      {},
      /^SSH .* differ /m,
      "its checks fail",
    ],
    [
      "it is none",
      regionsWith({ ...BOTH, [`${P}/SSH`]: "hunter2" }),
      {},
      /^SSH +- +1 day ago +same/m,
      "no key of 32 bytes",
    ],
    [
      "a next key lies there",
      regionsWith({ ...BOTH, [`${P}/SSH.next`]: OTHER }),
      {},
      /^SSH .* next key /m,
      "go on with it",
    ],
    [
      "a rotation died",
      regionsWith(BOTH),
      { loadRotations: async () => ({ find: async () => record("switching") }) },
      /^SSH .* halfway /m,
      "nightshift keys rotate SSH",
    ],
  ])("%s: it is said, with what to do", async (_why, regions, options, row, advice) => {
    const { out } = await run(regions, "keys list", options);
    expect(out).toMatch(row);
    expect(out).toContain(advice);
    expect(out).not.toContain("hunter2");
  });

  test("--json prints one document, without keys", async () => {
    const { out } = await run(regionsWith(BOTH), "keys list --json");
    const [mail] = JSON.parse(out) as Record<string, unknown>[];
    expect(mail).toEqual({
      parameter: `${P}/MAIL`,
      fingerprint: fingerprintOf(Buffer.alloc(32, 7)),
      changedAt: "2026-11-20T12:00:00.000Z",
      regions: "same",
      hasNext: false,
      rotation: "",
      servers: [],
      clients: ["www", "mail", "pkg"],
      checks: ["mail"],
    });
    expect(out).not.toContain(KEY.slice(0, 12));
  });
});

describe("nightshift keys new", () => {
  test("32 bytes in both regions, the same, and not shown", async () => {
    const regions = regionsWith({});
    const { out, err, status } = await run(regions, "keys new WEB");
    const made = regions.home.values.get(`${P}/WEB`) ?? "";
    expect(Buffer.from(made, "base64")).toHaveLength(32);
    expect(regions.watch.values.get(`${P}/WEB`)).toBe(made);
    expect(out).toContain(
      `Made ${P}/WEB in us-east-1 and us-west-2, fingerprint ${fingerprintOf(Buffer.from(made, "base64"))}.`,
    );
    expect(out + err).not.toContain(made.slice(0, 12));
    expect(status).toBe(0);
  });

  test.each<["home" | "watch", Record<string, string>, Record<string, string>]>([
    ["watch", { [`${P}/WEB`]: KEY }, {}],
    ["home", {}, { [`${P}/WEB`]: KEY }],
  ])("only %s lacks it, as after an interruption: it gets the other's", async (place, home, watch) => {
    const regions = regionsWith(home, watch);
    const { status, out } = await run(regions, "keys new WEB");
    expect([regions[place].values.get(`${P}/WEB`), status]).toEqual([KEY, 0]);
    expect(out).toContain(place === "home" ? "in us-east-1," : "in us-west-2,");
  });

  test("of two at once, whoever was slower takes the other's to where there is none yet", async () => {
    const regions = regionsWith({});
    const { home } = regions;
    const faster = async (name: string) => {
      const seen = home.values.get(name);
      if (seen === undefined) home.values.set(name, OTHER); // just after we have looked
      return seen;
    };
    const { status } = await run({ ...regions, home: { ...home, read: faster } }, "keys new WEB");
    expect([regions.home, regions.watch].map(({ values }) => values.get(`${P}/WEB`))).toEqual([OTHER, OTHER]);
    expect(status).toBe(0);
  });

  test.each<[string, Regions, string, string]>([
    ["keys new SSH", regionsWith(BOTH), `there is a key ${P}/SSH already, and it stays`, "rotate"],
    ["keys new SSH", regionsWith(BOTH, { [`${P}/SSH`]: OTHER }), "and not the same", "delete the other"],
    ["keys new SSH", regionsWith({ [`${P}/SSH`]: "x" }, {}), "does not hold a pipe's key", ""],
    ["keys new", regionsWith({}), "which key is to be made?", "keys new MAIL"],
    ["keys new ../x", regionsWith({}), "cannot be the name of a key", ""],
    ["keys new SSH.next", regionsWith({}), "cannot be the name of a key", ""],
    ["keys new --ssh nope", regionsWith({}), 'no errand "nope"', "updates, tunnels"],
    ["keys new MAIL --ssh tunnels", regionsWith({}), "has no name besides its errand's", ""],
  ])("%s is refused: %#", async (line, regions, says, hint) => {
    const before = [new Map(regions.home.values), new Map(regions.watch.values)];
    const { out, err, status } = await run(regions, line);
    expect(err).toContain(says);
    expect(err).toContain(hint);
    expect([out, status]).toEqual(["", 1]);
    expect([regions.home.values, regions.watch.values]).toEqual(before);
  });

  test("--ssh: a pair of which the private half goes to SSM and the public one to fleet.yml", async () => {
    const regions = regionsWith({});
    const { out } = await run(regions, "keys new --ssh tunnels");
    const kept = regions.home.values.get("/nightshift/ssh/tunnels") ?? "";
    const key = ssh2.utils.parseKey(kept) as ssh2.ParsedKey;
    expect([key.type, key.isPrivateKey(), kept.split("\n")[0]]).toEqual([
      "ssh-ed25519",
      true,
      "-----BEGIN OPENSSH PRIVATE KEY-----",
    ]);
    expect(out).toContain(`tunnels:\n  publicKey: ssh-ed25519 ${key.getPublicSSH().toString("base64")}\n`);
    expect(out).not.toContain("PRIVATE");
    expect(regions.watch.values.size).toBe(0);
    const again = await run(regions, "keys new --ssh tunnels");
    expect(again.out).toContain("is there already, and stays");
    expect(again.out).toContain(key.getPublicSSH().toString("base64"));
    expect(regions.home.values.get("/nightshift/ssh/tunnels")).toBe(kept);
  });
});

describe("nightshift keys rotate", () => {
  const ended = new HistoryBuilder();
  ended.start();
  ended.add(1, "ExecutionSucceeded", { executionSucceededEventDetails: { output: '{"pipe":"x"}' } });

  test.each(["SSH", `${P}/SSH`])("%s: starts the machine on the whole name, and follows it", async (name) => {
    const machines = new FakeMachines(["nightshift-prod-tunnels-rotate"], ended.events);
    const { status } = await run(regionsWith(BOTH), `keys rotate ${name}`, {
      loadMachines: async () => machines,
    });
    expect(machines.started).toEqual([
      {
        machine: "nightshift-prod-tunnels-rotate",
        name: "tunnels-rotate-SSH-2026-11-22T04-00-00-000Z",
        input: { pipe: `${P}/SSH`, time: "2026-11-22T04:00:00.000Z" },
      },
    ]);
    expect(status).toBe(0);
  });

  test.each([
    ["SHS", 'the fleet has no key "SHS"; there are: MAIL, PKG, SSH. Did you mean "SSH"?'],
    ["MAIL", `no host of the fleet lets in with the key ${P}/MAIL`],
  ])("%s is refused before anything is started", async (name, says) => {
    const machines = new FakeMachines(["nightshift-prod-tunnels-rotate"]);
    const { err, status } = await run(regionsWith(BOTH), `keys rotate ${name}`, {
      loadMachines: async () => machines,
    });
    expect(err).toContain(says);
    expect(err).not.toContain("not foreseen");
    expect([machines.started, status]).toEqual([[], 1]);
  });
});
