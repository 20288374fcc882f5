import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { sshBuilderShell } from "../../functions/ami/adapters/ssh-builder-shell.ts";
import type { BuilderShell } from "../../functions/ami/ports.ts";
import { FREEBSD_NOWHERE } from "../../local/rehearsal/environment.ts";
import { type RealSshd, startSshd, whyNoSshd } from "./real-sshd.ts";

const missing = whyNoSshd();
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (missing !== undefined) console.log(`the SSH adapter is not tried against OpenSSH: ${missing}`);

const PORT = 20_000 + (process.pid % 10_000);
const WRONG_PIN = `SHA256:${"A".repeat(43)}`;

(missing === undefined || required ? describe : describe.skip)(
  "the SSH adapter against OpenSSH's server",
  () => {
    let sshd: RealSshd;
    let shell: BuilderShell;

    beforeAll(async () => {
      sshd = await startSshd(PORT);
      shell = sshBuilderShell({
        stage: "test",
        region: "",
        functionName: "",
        fleetFile: "",
        sshPort: PORT,
        bucket: "none",
        twilioUrl: "https://twilio.invalid",
        ...FREEBSD_NOWHERE,
      });
    });
    afterAll(() => sshd?.stop());

    const address = (hostKeys: string[]) => ({ host: sshd.host, hostKeys, privateKey: sshd.privateKey });
    const run = (script: string, pins = [sshd.fingerprint], seconds = 20) =>
      shell.run(address(pins), script, seconds);

    it("runs a script as root, and brings back its output and status", async () => {
      expect(await run("echo out; echo err >&2; exit 7")).toEqual({
        exitStatus: 7,
        stdout: "out\n",
        stderr: "err\n",
      });
    });

    it("accepts any of the keys that the console showed", async () => {
      expect(await run("echo in", [WRONG_PIN, sshd.fingerprint])).toMatchObject({ stdout: "in\n" });
    });

    it("carries a script of several hundred kilobytes", async () => {
      const script = `${"# a comment that takes some room\n".repeat(10_000)}echo arrived\n`;
      expect(await run(script)).toMatchObject({ exitStatus: 0, stdout: "arrived\n" });
    });

    it("keeps a bounded part of output without end", async () => {
      const { stdout } = await run("dd if=/dev/zero bs=65536 count=64 2>/dev/null | tr '\\0' x");
      expect(stdout.length).toBeGreaterThan(900_000);
      expect(stdout.length).toBeLessThanOrEqual(1024 * 1024);
    });

    it("refuses another host key, names both, and sends nothing", async () => {
      const trace = join(tmpdir(), `nightshift-trace-${process.pid}`);
      await expect(run(`touch ${trace}`, [WRONG_PIN])).rejects.toMatchObject({
        name: "HostKeyMismatchError",
        message: expect.stringContaining(`presented ${sshd.fingerprint}, its console showed ${WRONG_PIN}`),
      });
      expect(existsSync(trace)).toBe(false);
      rmSync(trace, { force: true });
    });

    it("is refused with another user's key, as unreachable", async () => {
      const { makeSshKey } = await import("../../local/builder/ssh-key.ts");
      const stranger = { ...address([sshd.fingerprint]), privateKey: makeSshKey("ed25519").private };
      await expect(shell.run(stranger, "true", 20)).rejects.toMatchObject({
        name: "BuilderUnreachableError",
      });
    });

    it("gives up on a command that hangs", async () => {
      await expect(run("sleep 30", [sshd.fingerprint], 1)).rejects.toMatchObject({
        name: "BuilderUnreachableError",
        message: expect.stringContaining("within 1 s"),
      });
    });

    it("says so when the machine goes away in the middle of a command", async () => {
      // The session's own sshd process is the parent of the script's shell, two levels up from what su starts.
      await expect(
        run("kill -9 $(ps -o ppid= -p $(ps -o ppid= -p $$))  $PPID; sleep 5"),
      ).rejects.toMatchObject({
        name: "BuilderUnreachableError",
      });
    });

    it("says so when nobody listens", async () => {
      const nobody = sshBuilderShell({
        stage: "t",
        region: "",
        functionName: "",
        fleetFile: "",
        sshPort: 1,
        bucket: "none",
        twilioUrl: "https://twilio.invalid",
        ...FREEBSD_NOWHERE,
      });
      await expect(nobody.run(address([sshd.fingerprint]), "true", 5)).rejects.toMatchObject({
        name: "BuilderUnreachableError",
        message: expect.stringContaining("ECONNREFUSED"),
      });
    });
  },
);
