import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { fakeDeps, nightshift, temporaryProject } from "../fixtures/fake-deps.ts";

const root = temporaryProject();
const folder = mkdtempSync(join(tmpdir(), "nightshift-previews-"));
afterAll(() => {
  rmSync(root, { recursive: true });
  rmSync(folder, { recursive: true });
});

const preview = (...argv: string[]) => nightshift(fakeDeps(root), "mail", "preview", ...argv);

/** The shipped fleet, changed. */
function fleetFile(name: string, change: (text: string) => string): string {
  const file = join(folder, name);
  writeFileSync(file, change(readFileSync(join(root, "fleet.yml"), "utf8")));
  return file;
}

describe("mail preview", () => {
  test("lists what there is, in a line each, and how to see one", async () => {
    const { out, status } = await preview();
    const lines = out.split("\n");
    expect(lines).toContain("balance-low           the balance pays for less than seven days of storage");
    expect(lines).toContain("night-report-held     to the owner: a night waits for approval");
    expect(lines.at(-2)).toBe("To see one: nightshift mail preview address-confirmation");
    expect(lines.every((line) => line.length <= 80)).toBe(true);
    expect(status).toBe(0);
  });

  test("shows one as text, with its subject", async () => {
    const { out } = await preview("balance-low");
    expect(out).toMatch(
      /^Subject: Example Backup: balance low, 4 days of storage left\n\nYour balance is low\n/,
    );
    expect(out).not.toContain("<");
  });

  test("shows one as HTML and nothing else, so that it can go into a file", async () => {
    const { out } = await preview("night-report", "--html");
    expect(out).toMatch(/^<!doctype html>\n[\s\S]*<\/html>\n$/);
  });

  test("speaks of the service that the fleet file names", async () => {
    const fleet = fleetFile("other.yml", (text) => text.replace("Example Backup", "Acme Vault"));
    expect((await preview("suspended", "--fleet", fleet)).out).toContain("Subject: Acme Vault: your account");
  });

  test("--out writes both forms of all of them, and says where", async () => {
    const out = join(folder, "deep", "previews");
    const result = await preview("--out", out);
    const files = readdirSync(out);
    expect(files).toHaveLength(20);
    for (const file of files) expect(result.out).toContain(`${join(out, file)}\n`);
    expect(readFileSync(join(out, "statement.html"), "utf8")).toBe(
      (await preview("statement", "--html")).out,
    );
    expect(readFileSync(join(out, "statement.txt"), "utf8")).toMatch(/^Subject: Example Backup: statement/);
  });

  test("--out of one mail writes that one", async () => {
    const out = join(folder, "one");
    await preview("suspended", "--out", out);
    expect(readdirSync(out).sort()).toEqual(["suspended.html", "suspended.txt"]);
  });

  test("--json is for programs", async () => {
    expect(JSON.parse((await preview("--json")).out)).toContainEqual({
      name: "statement",
      shows: "a month is over",
    });
    expect(JSON.parse((await preview("statement", "--json")).out)).toEqual({
      name: "statement",
      subject: "Example Backup: statement for 2026-11",
      text: expect.stringContaining("Statement for 2026-11"),
      html: expect.stringContaining("<!doctype html>"),
    });
    const out = join(folder, "json");
    const { files } = JSON.parse((await preview("suspended", "--out", out, "--json")).out);
    expect(files).toEqual([join(out, "suspended.txt"), join(out, "suspended.html")]);
  });

  test.each([["mail"], ["mail", "preview"]])("%s --help has examples", async (...command) => {
    const { out } = await nightshift(fakeDeps(root), ...command.flat(), "--help");
    expect(out).toContain("Examples:\n  nightshift mail preview ");
  });
});

describe("what cannot be shown is said, with what to do", () => {
  test.each([
    { argv: ["balance-lwo"], says: 'no mail "balance-lwo"\nDid you mean "balance-low"?', why: "mistyped" },
    { argv: ["--html"], says: "Name one, or give --out", why: "HTML of which?" },
    { argv: ["suspended", "--fleet", "/nowhere.yml"], says: "there is no such file", why: "no fleet" },
    { argv: ["--out", "/dev/null/x"], says: "Name another folder with --out.", why: "no folder" },
  ])("$why", async ({ argv, says }) => {
    const { out, err, status } = await preview(...argv);
    expect(err).toContain(says);
    expect(err).not.toContain("    at "); // no stack
    expect(out).toBe("");
    expect(status).toBe(1);
  });

  test("a fleet without customers", async () => {
    const fleet = fleetFile("plain.yml", (text) => text.replace(/^billing:[\s\S]*$/m, ""));
    const { err, status } = await preview("suspended", "--fleet", fleet);
    expect(err).toMatch(/^nightshift: .*plain\.yml has no section billing/);
    expect(status).toBe(1);
  });
});
