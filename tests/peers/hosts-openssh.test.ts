import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parseFleet } from "#fleet";
import { type CommandResult, type HostAccess, runOnHost } from "#hosts";
import { readKey, writeAddress } from "#spiped";
import { hostAccess } from "../../functions/ami/recipe/host-access.ts";
import { makeSshKey } from "../../local/builder/ssh-key.ts";
import { knownHost } from "../functions/monitor/servers/ssh-server.ts";
import { freeAddress, type RealSpiped, startSpiped, whyNoSpiped } from "./real-spiped.ts";
import { whyNoSshd } from "./real-sshd.ts";

const missing = whyNoSpiped() ?? whyNoSshd();
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (missing !== undefined) console.log(`no command goes through the real spiped and sshd: ${missing}`);

const updates = makeSshKey("ed25519");
const anything = makeSshKey("ed25519");

/** Root's authorized_keys as the recipe writes them, with the program where this test may put it. */
function authorizedKeys(program: string): string {
  const text = readFileSync(new URL("../../fleet.yml", import.meta.url), "utf8");
  const shipped = parseFleet(text, "fleet.yml");
  const image = shipped.images.base;
  if (shipped.updates === undefined || image === undefined) throw new Error("fleet.yml has changed");
  const fleet = { ...shipped, updates: { ...shipped.updates, publicKey: knownHost(updates) } };
  const file = hostAccess(image, fleet).files?.find(({ path }) => path.endsWith("authorized_keys"));
  return (file?.content ?? "").replaceAll("/usr/local/libexec/nightshift/updates", program);
}

(missing === undefined || required ? describe : describe.skip)(
  "a command through Debian's spiped, on OpenSSH's sshd as a host has it",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "nightshift-host-"));
    const secret = randomBytes(32);
    const program = join(folder, "updates");
    const hostKey = join(folder, "host");
    const ran = join(folder, "ran");
    let sshd: ChildProcess;
    let pipe: RealSpiped;

    beforeAll(async () => {
      writeFileSync(join(folder, "key"), secret, { mode: 0o600 });
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "host", "-f", hostKey]);
      writeFileSync(program, '#!/bin/sh\necho "asked for: $SSH_ORIGINAL_COMMAND"\ncat\ntty 2>&1\nexit 3\n');
      chmodSync(program, 0o755);
      // A key without a command, which forced-commands-only must keep out.
      writeFileSync(join(folder, "keys"), `${authorizedKeys(program)}${anything.public}\n`);
      const target = await freeAddress();
      const config = [
        `Port ${target.port}`,
        "ListenAddress 127.0.0.1",
        `HostKey ${hostKey}`,
        `AuthorizedKeysFile ${join(folder, "keys")}`,
        "StrictModes no",
        "UsePAM no",
        `PidFile ${join(folder, "pid")}`,
      ];
      writeFileSync(join(folder, "sshd_config"), `${config.join("\n")}\n`);
      mkdirSync("/run/sshd", { recursive: true });
      // As rc.d/sshd passes sshd_flags.
      const flags = ["-o", "PermitRootLogin=forced-commands-only"];
      sshd = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", join(folder, "sshd_config"), ...flags], {
        stdio: "ignore",
      });
      pipe = await startSpiped("-d", await freeAddress(), target, join(folder, "key"));
    });
    afterAll(async () => {
      await pipe?.stop();
      sshd?.kill();
      rmSync(folder, { recursive: true, force: true });
    });

    const run = (change: Partial<HostAccess> = {}): Promise<CommandResult> =>
      runOnHost(
        {
          address: writeAddress(pipe.address),
          hostKey: readFileSync(`${hostKey}.pub`, "utf8").split(" ").slice(0, 2).join(" "),
          pipeKeys: [readKey(secret)],
          user: "root",
          privateKey: updates.private,
          ...change,
        },
        { command: `touch ${ran}`, input: "said\n", timeoutSeconds: 20, outputLimitBytes: 65_536 },
      );

    it("the key runs its program, whatever is asked for, and without a terminal", async () => {
      expect(await run()).toEqual({
        exitStatus: 3,
        stdout: `asked for: touch ${ran}\nsaid\nnot a tty\n`,
        stderr: "",
      });
      expect(existsSync(ran)).toBe(false);
    });

    it("while the pipe's key is rotated, the other one is tried as well", async () => {
      const result = await run({ pipeKeys: [readKey(randomBytes(32)), readKey(secret)] });
      expect(result.exitStatus).toBe(3);
    });

    it.each([
      // OpenSSH 9.2 refuses, tells its own child otherwise, and then ends that: the login seems to succeed.
      ["a key without a command", { privateKey: anything.private }, /Login|Lost/, /let root in|connection/],
      [
        "another host key",
        { hostKey: knownHost(makeSshKey("ed25519")) },
        /^HostKeyChanged/,
        /nothing was run/,
      ],
      ["another pipe key", { pipeKeys: [readKey(randomBytes(32))] }, /^PipeRefused/, /wrong key/],
    ] as const)("%s is refused", async (_why, change, name, message) => {
      const refusal = expect.objectContaining({
        name: expect.stringMatching(name),
        message: expect.stringMatching(message),
      });
      await expect(run(change)).rejects.toEqual(refusal);
      expect(existsSync(ran)).toBe(false);
    });
  },
);
