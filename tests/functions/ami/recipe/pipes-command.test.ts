import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { fingerprintOf } from "../../../../functions/tunnels/fingerprint.ts";
import { type HostReport, readReport } from "../../../../functions/tunnels/host-report.ts";
import { ToyHost } from "./toy-host.ts";

const key = (seed: number) => Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 11 + seed * 17) % 256));
const [MAIL, PKG, OLD, NEW, OTHER] = [key(1), key(2), key(3), key(4), key(5)];
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const base64 = (bytes: Buffer) => `${bytes.toString("base64")}\n`;

let host: ToyHost;
beforeEach(() => {
  host = new ToyHost({ MAIL, PKG, SSH: OLD });
});
afterEach(() => host.close());

/** What it says of the pipe after a command that has to succeed. */
function said(command: string, input?: Buffer): HostReport {
  const { status, stdout, stderr } = host.run(command, input === undefined ? "" : base64(input));
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return readReport(stdout);
}

const door = (bytes: Buffer | undefined, isRunning = true) => ({
  fingerprint: bytes === undefined ? undefined : fingerprintOf(bytes),
  isRunning,
});
const GONE = { fingerprint: undefined, isRunning: false };
const BOOTED = "MAIL PKG SSH";
const listed = () =>
  host
    .entries()
    .map(({ name }) => name)
    .join(" ");

describe("a pipe that lets in", () => {
  beforeEach(() => host.boot());

  test("status changes nothing, and shows fingerprints that are no keys", () => {
    const before = host.rcConf();
    expect(said("status SSH")).toEqual({ first: door(OLD), second: GONE });
    expect(host.rcConf()).toBe(before);
    // spiped derives everything from the SHA-256 of a key file: it must not be what is shown.
    expect(host.run("status SSH").stdout).not.toContain(sha256(OLD).slice(0, 16));
  });

  test("a rotation: add, promote, drop", () => {
    const [first] = [host.pidOf("SSH")];
    expect(said("add SSH 9022", NEW)).toEqual({ first: door(OLD), second: door(NEW) });
    expect(host.pidOf("SSH")).toBe(first); // not restarted
    expect(host.listening().get("9022")).toBe(`[0.0.0.0]:9022 [127.0.0.1]:22 ${sha256(NEW)}`);
    expect(host.entries().at(-1)).toEqual({
      name: "SSH_next",
      mode: "decrypt",
      source: "[0.0.0.0]:9022",
      target: "[127.0.0.1]:22",
      key: "/usr/local/etc/spiped/SSH.next.key",
      flags: "-g",
    });
    const second = host.pidOf("SSH_next");
    expect(said("promote SSH")).toEqual({ first: door(NEW), second: door(NEW) });
    expect(host.pidOf("SSH_next")).toBe(second); // the one that was come in by
    expect(host.listening().get("8022")).toBe(`[0.0.0.0]:8022 [127.0.0.1]:22 ${sha256(NEW)}`);
    expect(said("drop SSH")).toEqual({ first: door(NEW), second: GONE });
    expect([...host.listening().keys()].sort()).toEqual(["8022", "8025", "8080"]);
    expect(listed()).toBe(BOOTED);
    expect(host.rcConf()).not.toContain("_next");
    expect(host.keys()).toEqual(
      new Map(Object.entries({ "MAIL.key": MAIL, "PKG.key": PKG, "SSH.key": NEW })),
    );
  });

  test("undone: add, drop", () => {
    const before = host.rcConf();
    said("add SSH 9022", NEW);
    expect(said("drop SSH")).toEqual({ first: door(OLD), second: GONE });
    expect(host.rcConf()).toBe(before);
  });

  test.each(["add SSH 9022", "promote SSH", "drop SSH"])("%s, once more: the same processes", (command) => {
    const steps = ["add SSH 9022", "promote SSH", "drop SSH"];
    for (const step of steps.slice(0, steps.indexOf(command) + 1)) said(step, NEW);
    const before = [host.pidOf("SSH"), host.pidOf("SSH_next"), host.rcConf()];
    said(command, NEW);
    expect([host.pidOf("SSH"), host.pidOf("SSH_next"), host.rcConf()]).toEqual(before);
  });

  test("another key, or another port: the second door changes, and not the first", () => {
    said("add SSH 9022", NEW);
    const first = host.pidOf("SSH");
    expect(said("add SSH 9022", OTHER)).toEqual({ first: door(OLD), second: door(OTHER) });
    said("add SSH 9023", OTHER);
    expect([...host.listening().keys()].sort()).toEqual(["8022", "8025", "8080", "9023"]);
    expect(host.pidOf("SSH")).toBe(first);
  });

  test("a reboot in between starts both doors, and what comes then starts nothing anew that is right", () => {
    said("add SSH 9022", NEW);
    host.boot();
    expect(said("status SSH")).toEqual({ first: door(OLD), second: door(NEW) });
    said("promote SSH");
    host.boot();
    expect(said("promote SSH")).toEqual({ first: door(NEW), second: door(NEW) });
  });

  test("promote opens the second door before it closes the first", () => {
    said("add SSH 9022", NEW);
    host.kill("SSH_next");
    expect(said("promote SSH")).toEqual({ first: door(NEW), second: door(NEW) });
  });

  test("drop opens the first door before it closes the second", () => {
    said("add SSH 9022", NEW);
    host.kill("SSH");
    expect(said("drop SSH")).toEqual({ first: door(OLD), second: GONE });
  });

  test("promote without a second door is refused, and changes nothing", () => {
    const { status, stderr } = host.run("promote SSH");
    expect({ status, stderr }).toEqual({
      status: 66,
      stderr: expect.stringContaining("there is no second door"),
    });
    expect(said("status SSH")).toEqual({ first: door(OLD), second: GONE });
  });
});

describe("what is in the way", () => {
  beforeEach(() => host.boot());

  test("no room for a note: what runs is not stopped for a successor that could not start", () => {
    said("add SSH 9022", NEW);
    const first = host.pidOf("SSH");
    mkdirSync(join(host.root, "var/run/nightshift-pipes/SSH.err")); // nothing can be written there
    expect(host.run("promote SSH").status).not.toBe(0);
    expect(host.pidOf("SSH")).toBe(first);
    expect(host.listening().get("8022")).toContain(sha256(OLD));
    rmdirSync(join(host.root, "var/run/nightshift-pipes/SSH.err"));
    expect(said("promote SSH")).toEqual({ first: door(NEW), second: door(NEW) });
  });

  test("the lock of one that was killed: of several who find it, one at a time goes on", () => {
    const notes = join(host.root, "var/run/nightshift-pipes");
    const alone = join(host.root, "toy/bin/sha256"); // called by every command while it has the lock
    writeFileSync(
      alone,
      `#!/bin/sh\nmkdir "$TOY/inside" || echo >>"$TOY/two"\n/bin/sleep 0.01\nrmdir "$TOY/inside"\nexec sha256sum\n`,
      { mode: 0o755 },
    );
    mkdirSync(notes);
    for (let round = 0; round < 6; round += 1) {
      symlinkSync(String(spawnSync("true").pid), join(notes, "lock"));
      host.runTogether("status SSH", 5);
      expect(readdirSync(notes)).toEqual([]);
    }
    expect(existsSync(join(host.root, "toy/two"))).toBe(false);
    expect(existsSync(join(host.root, "toy/inside"))).toBe(false);
  });
});

describe("a pipe that leads out", () => {
  beforeEach(() => host.boot());

  test("there and back: target and key change together", () => {
    expect(said("point MAIL 9025", NEW)).toEqual({ first: door(MAIL, false), second: door(NEW) });
    expect(host.listening().get("8025")).toBe(`[127.0.0.1]:8025 mail.example.org:9025 ${sha256(NEW)}`);
    expect(listed()).toBe("PKG SSH MAIL_next");
    host.boot();
    expect(host.listening().get("8025")).toBe(`[127.0.0.1]:8025 mail.example.org:9025 ${sha256(NEW)}`);
    expect(said("point MAIL 8025", NEW)).toEqual({ first: door(NEW), second: GONE });
    expect(host.listening().get("8025")).toBe(`[127.0.0.1]:8025 mail.example.org:8025 ${sha256(NEW)}`);
    expect(listed()).toBe("PKG SSH MAIL");
    expect(host.rcConf()).not.toContain("_next");
    expect([...host.keys().keys()]).toEqual(["MAIL.key", "PKG.key", "SSH.key"]);
  });

  test("back with the old key, where nothing had changed: nothing changes", () => {
    const before = host.pidOf("PKG");
    expect(said("point MAIL 8025", MAIL)).toEqual({ first: door(MAIL), second: GONE });
    expect(host.pidOf("PKG")).toBe(before);
  });
});

describe("nothing else can be run", () => {
  test.each([
    ["", 64, "no command: a shell was wanted"],
    ["status", 64, "no pipe"],
    ["id SSH", 64, "no such verb"],
    ["status SSH extra", 64, "one word too many"],
    ["add SSH", 64, "no port"],
    ["status SSH; id", 64, "a second command"],
    ["status $(id)", 64, "a substitution"],
    ["status ../SSH", 64, "a path"],
    ["status *", 64, "a pattern"],
    ["status SSH\nid", 64, "a second line"],
    [`status ${"S".repeat(80)}`, 64, "a long name"],
    ["status NOPE", 65, "a pipe that the image does not have"],
    ["status SSH_next", 65, "an entry of ours"],
    ["add SSH 0", 65, "no port"],
    ["add SSH 65536", 65, "no port"],
    ["add SSH 099", 65, "octal, to some"],
    ["add SSH 9x", 65, "no number"],
    ["add SSH 8022", 65, "the first port"],
    ["add MAIL 9025", 65, "leads out"],
    ["promote MAIL", 65, "leads out"],
    ["point SSH 9022", 65, "lets in"],
  ])("%j: status %d, %s", (command, status) => {
    const before = [host.rcConf(), host.listening(), host.keys()];
    const ended = host.run(command, base64(NEW));
    expect(ended).toMatchObject({ status, stdout: "" });
    expect([host.rcConf(), host.listening(), host.keys()]).toEqual(before);
  });

  test.each([
    ["nothing", ""],
    ["31 bytes", base64(NEW.subarray(1))],
    ["33 bytes", base64(Buffer.concat([NEW, Buffer.of(1)]))],
    ["no base64", "!!!!"],
    ["a long text", "A".repeat(100_000)],
  ])("%s is no key", (_what, input) => {
    const before = [host.rcConf(), host.listening(), host.keys()];
    expect(host.run("add SSH 9022", input)).toMatchObject({ status: 65, stdout: "" });
    expect([host.rcConf(), host.listening(), host.keys()]).toEqual(before);
  });

  test("a key that was refused or taken is not repeated", () => {
    for (const input of [base64(NEW), `${base64(NEW)}x`]) {
      const { stdout, stderr } = host.run("add SSH 9022", input);
      for (const shown of [
        NEW.toString("base64").slice(0, 20),
        NEW.toString("hex").slice(0, 20),
        sha256(NEW).slice(0, 16),
      ])
        expect(stdout + stderr).not.toContain(shown);
    }
  });
});
