import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { measured } from "../functions/monitor/servers/stage.ts";
import { freeAddress } from "./real-spiped.ts";

const isMissing = spawnSync("openssl", ["version"]).status !== 0;
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (isMissing)
  console.log("openssl is not installed: certificates are only those that the tests write themselves");

const DAY = 86_400_000;

(!isMissing || required ? describe : describe.skip)("tls, with openssl's certificates and server", () => {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-openssl-"));
  const former = getCACertificates("default");
  const running = new Set<ChildProcess>();
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });

  beforeAll(() => {
    const settings = [
      "[ca]\ndefault_ca = authority",
      "[authority]\nnew_certs_dir = .\ndatabase = index\nserial = serial\ndefault_md = sha256\npolicy = any",
      "copy_extensions = copy\nunique_subject = no\nemail_in_dn = no",
      "[any]\ncommonName = supplied",
      "[req]\ndistinguished_name = name\n[name]",
      "[root]\nbasicConstraints = critical, CA:TRUE",
    ];
    writeFileSync(join(folder, "ca.cnf"), `${settings.join("\n")}\n`);
    writeFileSync(join(folder, "index"), "");
    writeFileSync(join(folder, "serial"), "01\n");
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    const subject = ["-subj", "/CN=OpenSSL's authority", "-config", "ca.cnf", "-extensions", "root"];
    openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "3650", ...subject);
    setDefaultCACertificates([...former, readFileSync(join(folder, "ca.pem"), "utf8")]);
  });
  afterEach(async () => {
    for (const child of running) {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    }
    running.clear();
  });
  afterAll(() => {
    setDefaultCACertificates(former);
    rmSync(folder, { recursive: true, force: true });
  });

  /** A certificate of so many days, of which so many are left. */
  function issue(days: number, left: number): void {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "leaf.key"];
    const subject = ["-subj", "/CN=www.example.org", "-addext", "subjectAltName=DNS:www.example.org"];
    openssl("req", ...key, "-out", "leaf.csr", ...subject, "-config", "ca.cnf");
    const term = ["-startdate", timeOf((left - days) * DAY), "-enddate", timeOf(left * DAY)];
    const authority = ["-keyfile", "ca.key", "-cert", "ca.pem", "-config", "ca.cnf", "-batch", "-notext"];
    openssl("ca", ...authority, ...term, "-in", "leaf.csr", "-out", "leaf.pem");
  }

  /** openssl s_server with such flags. Returns its address. */
  async function serve(...flags: string[]): Promise<string> {
    const { port } = await freeAddress();
    const files = ["-cert", "leaf.pem", "-key", "leaf.key", "-accept", `127.0.0.1:${port}`, "-quiet"];
    const child = spawn("openssl", ["s_server", ...files, ...flags], { cwd: folder, stdio: "ignore" });
    running.add(child);
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const socket = connect(port, "127.0.0.1");
      const isUp = await new Promise((resolve) => {
        socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      });
      socket.destroy();
      if (isUp) return `127.0.0.1:${port}`;
      await new Promise((wake) => setTimeout(wake, 50));
    }
    throw new Error("openssl s_server does not listen");
  }

  it.each([
    ["much is left", 90, 60, "GOOD", /^certificate ends in (60|59\.9) days, 66 % of its lifetime; TLSv1\.3$/],
    [
      "little is left",
      90,
      3.1,
      "FAILED",
      /^certificate ends in 3\.1 days, 3 % of its lifetime \(limit 25 %\)$/,
    ],
    ["of six days five are left", 6, 5, "GOOD", /^certificate ends in 5 days, 83 % of its lifetime/],
    ["it has ended", 90, -2, "FAILED", /^certificate ended 2 days ago, on /],
    ["it has not begun", 10, 12, "FAILED", /^certificate is valid only from /],
  ] as const)("%s", async (_why, days, left, verdict, reason) => {
    issue(days, left);
    const address = await serve();
    expect(await measured({ kind: "tls", address, name: "www.example.org" })).toMatchObject({
      verdict,
      reason: expect.stringMatching(reason),
    });
  });

  it("for another name", async () => {
    issue(90, 60);
    const address = await serve();
    expect(await measured({ kind: "tls", address, name: "other.example.org" })).toMatchObject({
      verdict: "FAILED",
      reason: "certificate is not for other.example.org, but for DNS:www.example.org",
    });
  });

  it("self-signed", async () => {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "leaf.key"];
    const subject = ["-subj", "/CN=www.example.org", "-addext", "subjectAltName=DNS:www.example.org"];
    openssl("req", "-x509", ...key, "-out", "leaf.pem", "-days", "30", ...subject, "-config", "ca.cnf");
    const address = await serve();
    expect(await measured({ kind: "tls", address, name: "www.example.org" })).toMatchObject({
      verdict: "FAILED",
      reason: "certificate: it is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)",
    });
  });

  it("TLS 1.2 is good enough, and a page comes over it", async () => {
    issue(90, 60);
    const address = await serve("-tls1_2", "-www");
    expect(await measured({ kind: "tls", address, name: "www.example.org" })).toMatchObject({
      verdict: "GOOD",
      reason: expect.stringMatching(/; TLSv1\.2$/),
    });
  });
});

/** As `openssl ca` takes it: YYYYMMDDHHMMSSZ, so long from now. */
function timeOf(milliseconds: number): string {
  return `${new Date(Date.now() + milliseconds).toISOString().replaceAll(/\D/g, "").slice(0, 14)}Z`;
}
