import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { fakeDeps, nightshift, temporaryProject } from "../fixtures/fake-deps.ts";

// What packs and checks in the ordinary way is in books.test.ts.

const root = temporaryProject();
const folder = mkdtempSync(join(tmpdir(), "nightshift-usage-cli-"));
afterAll(() => {
  rmSync(root, { recursive: true });
  rmSync(folder, { recursive: true });
});

let number = 0;
let out: string;
let file: string;
beforeEach(() => {
  number += 1;
  out = join(folder, `out-${number}`);
  file = join(folder, `usage-${number}.jsonl`);
});

function line(account: string, storedBytes = "1000"): string {
  return `${JSON.stringify({ account, storedBytes, bytesIn: "0", bytesOut: "0" })}\n`;
}

function pack(text: string, ...argv: string[]) {
  writeFileSync(file, text);
  return nightshift(fakeDeps(root), "usage", "pack", ...DAY, "--from", file, "--out", out, ...argv);
}

const DAY = ["--day", "2026-11-22"];

describe("standard input", () => {
  const command = [join(import.meta.dirname, "../../../cli/nightshift.js"), "usage", "pack", ...DAY];

  // Node gives a child a socket here, which /dev/stdin cannot be opened as; a shell gives a pipe or a file.
  test("is read when nothing else is named, whatever it is", async () => {
    const argv = [...command, "--out", out];
    const { stdout, stderr } = spawnSync(process.execPath, argv, { input: line("a1"), encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout).toContain("usage of 2026-11-22: 1 accounts in 1 parts");
    expect((await nightshift(fakeDeps(root), "usage", "check", out)).status).toBe(0);
  });

  test("that goes on is not waited for once a line is wrong", async () => {
    const child = spawn(process.execPath, [...command, "--out", out], { timeout: 10_000 });
    child.stdin.write(`${line("a1")}nonsense\n${line("a2")}`); // and no end
    let err = "";
    child.stderr.on("data", (text) => {
      err += String(text);
    });
    const status = await new Promise((done) => child.once("close", done));
    child.stdin.destroy();
    expect(err).toContain("line 2: not JSON");
    expect([status, readdirSync(out)]).toEqual([1, []]);
  }, 20_000);
});

describe("what was refused", () => {
  test("may be put right and packed again without another word", async () => {
    const first = await pack(line("a1") + line("a2") + line("a1"), "--accounts-per-part", "1");
    expect(first.err).toContain("account a1 comes twice, again as number 3");
    expect(first.err).toContain("docs/usage.md has the format.");
    const second = await pack(line("a2") + line("a1"), "--accounts-per-part", "1");
    expect([second.err, second.status]).toEqual(["", 0]);
  });

  test("because the day is packed already needs --replace", async () => {
    await pack(line("a1"));
    expect((await pack(line("a1"))).status).toBe(0);
    const other = await pack(line("a1", "1001"));
    expect(other.err).toContain("manifest.json exists with other content; replace it with --replace");
    expect(other.status).toBe(1);
    expect((await pack(line("a1", "1001"), "--replace")).out).toMatch(/stored {2}1,001 bytes/);
  });

  test.each([
    ["a folder", () => mkdirSync(file), "EISDIR"],
    ["a file that is not there", () => undefined, "ENOENT"],
  ])("%s for a file is the operator's to put right, not a bug", async (_, make, code) => {
    make();
    const argv = ["usage", "pack", ...DAY, "--from", file, "--out", out];
    const { err, status } = await nightshift(fakeDeps(root), ...argv);
    expect(err).toContain(code);
    expect(err).not.toContain("not foreseen");
    expect(status).toBe(1);
  });

  test("by the check says where and why", async () => {
    await pack(line("a1"));
    writeFileSync(join(out, "part-00000.jsonl.gz"), "spoilt");
    const { err, status } = await nightshift(fakeDeps(root), "usage", "check", out);
    expect(err).toMatch(/^nightshift: part-00000\.jsonl\.gz: SHA-256 is [0-9a-f]{64}, the manifest says/);
    expect(status).toBe(1);
  });
});

describe("what the day will bring", () => {
  const FEB = ["usage", "pack", "--day", "2026-02-22"];

  test("is exact, however much it is", async () => {
    const { out: told } = await pack(line("a1", String(10n ** 18n)) + line("a2", "7"));
    expect(told).toContain("stored  1,000,000,000,000,000,007 bytes");
    expect(told).toContain("comes to $8,333,333.000000000058333331 at that day's tariff");
  });

  test("is nothing before days are billed", async () => {
    writeFileSync(file, line("a1"));
    const { out: told } = await nightshift(fakeDeps(root), ...FEB, "--from", file, "--out", out);
    expect(told).toContain("comes to nothing: days are billed from 2026-11-01 on");
  });

  test("is not known where there is no fleet.yml; the files are packed all the same", async () => {
    const { workspace } = fakeDeps(root);
    const deps = fakeDeps(root, { workspace: { ...workspace, fleetFile: join(folder, "fleet.yml") } });
    writeFileSync(file, line("a1"));
    const told = await nightshift(deps, "usage", "pack", ...DAY, "--from", file, "--out", out);
    expect(told.out).toContain("comes to what fleet.yml says, which is not here");
    expect([told.err, told.status]).toEqual(["", 0]);
  });
});

test.each([["usage"], ["usage pack"], ["usage check"]])(
  "%s --help shows how, up to the upload",
  async (line) => {
    const { out: help, status } = await nightshift(fakeDeps(root), ...line.split(" "), "--help");
    expect(help).toContain("nightshift usage pack --day 2026-11-22");
    expect(help).toContain('{"account":"a1","storedBytes":"1000","bytesIn":"0","bytesOut":"5"}');
    const [parts = -1, manifest = -1] = ["--exclude manifest.json", "cp usage/2026-11-22/manifest.json"].map(
      (one) => help.indexOf(one),
    );
    expect(parts).toBeGreaterThan(0);
    expect(manifest).toBeGreaterThan(parts);
    expect(status).toBe(0);
  },
);
