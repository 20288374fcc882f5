import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { readKey, writeAddress } from "#spiped";
import { makeSshKey } from "../../local/builder/ssh-key.ts";
import { knownHost } from "../functions/monitor/servers/ssh-server.ts";
import { measured } from "../functions/monitor/servers/stage.ts";
import { freeAddress, type RealSpiped, startSpiped, whyNoSpiped } from "./real-spiped.ts";
import { type RealSshd, startSshd, whyNoSshd } from "./real-sshd.ts";

const missing = whyNoSpiped() ?? whyNoSshd();
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (missing !== undefined) console.log(`nothing is probed through the real spiped: ${missing}`);

/** SHA256:..., as OpenSSH's own ssh-keygen says of a key. */
function printOf(hostKey: string): string {
  return execFileSync("ssh-keygen", ["-lf", "-"], { input: hostKey, encoding: "utf8" }).split(" ")[1] ?? "";
}

const KEY = "/nightshift/pipes/SSH";
const WRONG = "/nightshift/pipes/WRONG";

(missing === undefined || required ? describe : describe.skip)(
  "through Debian's spiped, to OpenSSH's sshd",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "nightshift-pipe-"));
    const secret = randomBytes(32);
    let sshd: RealSshd;
    let pipe: RealSpiped;
    /** Leads to where nobody listens. */
    let deadEnd: RealSpiped;
    beforeAll(async () => {
      const keyFile = join(folder, "key");
      writeFileSync(keyFile, secret, { mode: 0o600 });
      const target = await freeAddress();
      sshd = await startSshd(target.port, "nightshift");
      pipe = await startSpiped("-d", await freeAddress(), target, keyFile);
      deadEnd = await startSpiped("-d", await freeAddress(), await freeAddress(), keyFile);
    });
    afterAll(async () => {
      await pipe?.stop();
      await deadEnd?.stop();
      sshd?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const probe = (check: object, to = pipe) =>
      measured(
        { address: writeAddress(to.address), ...check },
        {
          key: async (parameter) => readKey(parameter === KEY ? secret : randomBytes(32)),
          sshKey: async () => sshd.privateKey,
        },
      );
    const backup = {
      kind: "backup",
      keyParameter: KEY,
      sshKeyParameter: "/nightshift/ssh/canary",
      user: "nightshift",
      command: "echo restored the canary; echo and more",
    };

    it.each([
      ["a greeting", { kind: "spiped" }, "GOOD", /^spiped at 127\.0\.0\.1:\d+ greeted$/],
      ["a handshake", { kind: "spiped", keyParameter: KEY }, "GOOD", /shook hands: it has the key$/],
      [
        "a banner",
        { kind: "spiped", keyParameter: KEY, expect: "^SSH-2\\.0-" },
        "GOOD",
        /^greeted: "SSH-2\.0-OpenSSH/,
      ],
      ["sshd", { kind: "ssh", keyParameter: KEY }, "GOOD", /^sshd answered: "SSH-2\.0-OpenSSH/],
      [
        "another key",
        { kind: "ssh", keyParameter: WRONG },
        "FAILED",
        /^greeting came, but no handshake: wrong key, or the pipe's target is down$/,
      ],
    ] as const)("%s", async (_why, check, verdict, reason) => {
      expect(await probe(check)).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
    });

    it("a target that is down looks like a wrong key, and the greeting comes all the same", async () => {
      expect(await probe({ kind: "spiped", keyParameter: KEY }, deadEnd)).toMatchObject({
        verdict: "FAILED",
        reason: "greeting came, but no handshake: wrong key, or the pipe's target is down",
      });
      expect(await probe({ kind: "spiped" }, deadEnd)).toMatchObject({ verdict: "GOOD" });
    });

    it("a command that brings the canary back", async () => {
      expect(await probe({ ...backup, hostKey: sshd.hostKey })).toMatchObject({
        verdict: "GOOD",
        reason: "backed up and read back: restored the canary",
      });
    });

    it("a command that fails", async () => {
      const check = { ...backup, command: "echo no space >&2; exit 74", hostKey: sshd.hostKey };
      expect(await probe(check)).toMatchObject({
        verdict: "FAILED",
        reason: "the command ended with status 74: no space",
      });
    });

    it("a command that is killed", async () => {
      const check = { ...backup, command: "kill -9 $$", hostKey: sshd.hostKey };
      expect(await probe(check)).toMatchObject({
        verdict: "FAILED",
        reason: "the command was killed by SIGKILL",
      });
    });

    it("another host", async () => {
      const check = {
        ...backup,
        command: `touch ${folder}/was-run`,
        hostKey: knownHost(makeSshKey("ed25519")),
      };
      expect(await probe(check)).toMatchObject({
        verdict: "FAILED",
        reason: `host key changed: the host key is ${printOf(sshd.hostKey)}, not the pinned one: nothing was run`,
      });
    });

    it("a user whom it does not know", async () => {
      const check = { ...backup, user: "nobody_here", hostKey: sshd.hostKey };
      expect(await probe(check)).toMatchObject({
        verdict: "FAILED",
        reason: "sshd did not let nobody_here in",
      });
    });
  },
);
