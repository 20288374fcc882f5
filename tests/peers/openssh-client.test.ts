import { spawn, spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { makeSshKey } from "../../local/machine/ssh-key.ts";
import { type RentedMachine, rentMachine } from "../local/machine/rented-machine.ts";

const present = spawnSync("ssh", ["-V"]).error === undefined;
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (!present) console.log("OpenSSH's client is not installed: the rehearsed machine is not tried with it");

const PORT = 20_000 + ((process.pid + 5000) % 10_000);

(present || required ? describe : describe.skip)("a rehearsed machine, for OpenSSH's client", () => {
  let rented: RentedMachine | undefined;
  afterEach(() => rented?.give());

  it("lets ec2-user in by key, once its host key is known, and runs commands", async () => {
    const key = makeSshKey("ed25519");
    rented = await rentMachine({ authorizedKey: key.public, sshPort: PORT });
    const ssh = client(rented, key.private);
    const learned = await ssh(["-o", "StrictHostKeyChecking=accept-new"], "echo first");
    expect(learned).toMatchObject({ status: 0, stdout: "first\n" });
    const strict = await ssh(
      ["-o", "StrictHostKeyChecking=yes"],
      "su -m root -c 'exec /bin/sh -s'",
      "echo fed; exit 3",
    );
    expect(strict).toMatchObject({ status: 3, stdout: "fed\n" });
  });

  it("refuses another key", async () => {
    rented = await rentMachine({ sshPort: PORT });
    const ssh = client(rented, makeSshKey("ed25519").private);
    const refused = await ssh(["-o", "StrictHostKeyChecking=accept-new"], "true");
    expect(refused).toMatchObject({ status: 255, stderr: expect.stringContaining("Permission denied") });
  });
});

/** `ssh` with files of its own, so that nobody's ~/.ssh is read or written. Asynchronous: the server is in here. */
function client({ machine, folder }: RentedMachine, privateKey: string) {
  const identity = join(folder, "identity");
  writeFileSync(identity, privateKey);
  chmodSync(identity, 0o600);
  const fixed = [
    "-F",
    "/dev/null",
    "-i",
    identity,
    "-p",
    String(PORT),
    "-o",
    "BatchMode=yes",
    "-o",
    "IdentitiesOnly=yes",
  ];
  const known = ["-o", `UserKnownHostsFile=${join(folder, "known_hosts")}`];
  return (options: string[], command: string, input = "") =>
    new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve, reject) => {
      const child = spawn("ssh", [...fixed, ...known, ...options, `ec2-user@${machine.address}`, command]);
      let stdout = "";
      let stderr = "";
      child.stdout.on("data", (chunk) => {
        stdout += chunk;
      });
      child.stderr.on("data", (chunk) => {
        stderr += chunk;
      });
      child.on("error", reject);
      child.on("close", (status) => resolve({ status, stdout, stderr }));
      child.stdin.end(input);
    });
}
