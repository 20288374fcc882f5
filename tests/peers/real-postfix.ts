import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freeAddress } from "./real-spiped.ts";

/** Why Postfix cannot be run here; undefined when it can. */
export function whyNoPostfix(): string | undefined {
  if (!existsSync("/usr/sbin/postfix")) return "Postfix is not installed";
  if (process.getuid?.() !== 0) return "only root can start it";
  return undefined;
}

/** Postfix as it was started, "127.0.0.1:port" of each of its ways in. */
export interface RealPostfix {
  /** Plain, and STARTTLS on request. */
  readonly submission: string;
  /** TLS from the first byte. */
  readonly submissions: string;
  /** Plain only. */
  readonly plain: string;
  stop(): void;
}

/**
 * An instance of Debian's Postfix of our own: its configuration, queue, data and log lie in a folder of its own, it listens
 * on loopback, and it delivers nothing (postfix(1), -c). The system's instance is neither read nor changed.
 */
export async function startPostfix({ cert, key }: { cert: string; key: string }): Promise<RealPostfix> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-postfix-"));
  chmodSync(folder, 0o755);
  const path = (...parts: string[]) => join(folder, ...parts);
  for (const name of ["config", "queue", "data"]) mkdirSync(path(name), { mode: 0o755 });
  execFileSync("chown", ["postfix", path("data")]);
  writeFileSync(path("cert.pem"), cert);
  writeFileSync(path("key.pem"), key, { mode: 0o600 });
  const ways = [await freeAddress(), await freeAddress(), await freeAddress()].map(
    ({ port }) => `127.0.0.1:${port}`,
  );
  const [submission = "", submissions = "", plain = ""] = ways;
  const settings = {
    compatibility_level: "3.6",
    queue_directory: path("queue"),
    data_directory: path("data"),
    maillog_file: path("log"),
    maillog_file_prefixes: folder,
    myhostname: "mail.example.org",
    mydestination: "",
    inet_interfaces: "127.0.0.1",
    inet_protocols: "ipv4",
    alias_maps: "",
    smtpd_tls_chain_files: `${path("key.pem")}, ${path("cert.pem")}`,
    smtpd_relay_restrictions: "reject",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  writeFileSync(path("config", "main.cf"), lines.join(""));
  const services = [
    `${submission} inet n - n - - smtpd -o smtpd_tls_security_level=may`,
    `${submissions} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes`,
    `${plain} inet n - n - - smtpd -o smtpd_tls_security_level=none`,
    "cleanup unix n - n - 0 cleanup",
    "qmgr unix n - n 300 1 qmgr",
    "rewrite unix - - n - - trivial-rewrite",
    "tlsmgr unix - - n 1000? 1 tlsmgr",
    "anvil unix - - n - 1 anvil",
    "proxymap unix - - n - - proxymap",
    "postlog unix-dgram n - n - 1 postlogd",
  ];
  writeFileSync(path("config", "master.cf"), `${services.join("\n")}\n`);
  const started = spawnSync("postfix", ["-c", path("config"), "start"], { encoding: "utf8" });
  if (started.status !== 0) throw new Error(`postfix does not start: ${started.stdout}${started.stderr}`);
  for (const way of ways) await untilListening(way);
  return {
    submission,
    submissions,
    plain,
    stop: () => {
      spawnSync("postfix", ["-c", path("config"), "abort"]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilListening(address: string): Promise<void> {
  const port = Number(address.split(":")[1]);
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isUp) return;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error(`postfix does not listen on ${address}`);
}
