import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Why OpenSSH's server cannot be run here; undefined when it can. */
export function whyNoSshd(): string | undefined {
  if (spawnSync("/usr/sbin/sshd", ["-V"]).error !== undefined) return "OpenSSH's server is not installed";
  if (process.getuid?.() !== 0) return "only root can start a server in which ec2-user logs in";
  return undefined;
}

export interface RealSshd {
  readonly host: string;
  readonly port: number;
  /** As the console of a FreeBSD machine would show it. */
  readonly fingerprint: string;
  /** As known_hosts has it: type and base64. */
  readonly hostKey: string;
  readonly privateKey: string;
  readonly process: ChildProcess;
  stop(): void;
}

/**
 * Debian's sshd on loopback, with keys of its own, in which a user may log in and become root without a password,
 * as on a FreeBSD builder (where su(1) does that; here a few lines stand for it, and the rest is OpenSSH's).
 * @param user  made for it, and removed with it: test files run side by side, so each takes another one
 */
export async function startSshd(port: number, user = "ec2-user"): Promise<RealSshd> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-sshd-"));
  chmodSync(folder, 0o755);
  const removeUser = addUser(user);
  mkdirSync("/run/sshd", { recursive: true });
  const key = (name: string) => {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", join(folder, name)]);
    return join(folder, name);
  };
  const hostKey = key("host");
  const userKey = key("user");
  mkdirSync(join(folder, "bin"), { mode: 0o755 });
  writeFileSync(
    join(folder, "bin", "su"),
    '#!/bin/sh\n[ "$1 $2 $3" = "-m root -c" ] && exec /bin/sh -c "$4"\nexit 1\n',
  );
  chmodSync(join(folder, "bin", "su"), 0o755);
  const config = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${userKey}.pub`,
    "PasswordAuthentication no",
    "StrictModes no",
    "UsePAM no",
    `PidFile ${join(folder, "pid")}`,
    `ForceCommand PATH=${join(folder, "bin")}:/usr/bin:/bin exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"`,
  ];
  writeFileSync(join(folder, "sshd_config"), `${config.join("\n")}\n`);
  const child = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", join(folder, "sshd_config")], { stdio: "ignore" });
  await untilListening(port);
  const fingerprint =
    execFileSync("ssh-keygen", ["-l", "-f", hostKey], { encoding: "utf8" }).split(" ")[1] ?? "";
  return {
    host: "127.0.0.1",
    port,
    fingerprint,
    hostKey: readFileSync(`${hostKey}.pub`, "utf8").split(" ").slice(0, 2).join(" "),
    privateKey: readFileSync(userKey, "utf8"),
    process: child,
    stop: () => {
      child.kill();
      removeUser();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Adds a user unless there is one. Returns a function that removes it again, if it was added. */
function addUser(name: string): () => void {
  if (spawnSync("id", [name]).status === 0) return () => undefined;
  execFileSync("useradd", ["--create-home", "--password", "*", "--shell", "/bin/sh", name]);
  // By force: what a test left running may still run for some seconds.
  return () => spawnSync("userdel", ["--force", "--remove", name]);
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isUp) return;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error(`sshd does not listen on port ${port}`);
}
