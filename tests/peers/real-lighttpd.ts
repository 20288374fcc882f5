import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startForeground } from "./foreground.ts";
import { freeAddress } from "./real-spiped.ts";

const LIGHTTPD = "/usr/sbin/lighttpd";

/** Why lighttpd cannot be run here; undefined when it can. */
export function whyNoLighttpd(): string | undefined {
  if (!existsSync(LIGHTTPD)) return "lighttpd is not installed";
  if (!existsSync("/usr/lib/lighttpd/mod_openssl.so")) return "lighttpd-mod-openssl is not installed";
  return existsSync("/usr/bin/openssl") ? undefined : "openssl is not installed";
}

/** lighttpd as it was started, "127.0.0.1:port" of each of its ways in. */
export interface RealLighttpd {
  readonly plain: string;
  /** TLS, with a certificate for localhost, which is no certificate for 127.0.0.1. */
  readonly secure: string;
  /** Of the authority that issued that certificate, in PEM. */
  readonly authority: string;
  stop(): Promise<void>;
}

/**
 * Debian's lighttpd in the foreground, on loopback, with a configuration and a document root of its own (lighttpd(8),
 * -D -f). The system's instance is neither read nor changed.
 * @param files what lies in the document root: contents by path
 * @param settings lines of its configuration, besides where it listens; $ROOT is its folder
 */
export async function startLighttpd(
  files: Readonly<Record<string, string>>,
  settings: readonly string[],
): Promise<RealLighttpd> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-lighttpd-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    for (const [path, content] of Object.entries(files)) write(join(folder, "documents", path), content);
    const authority = issueCertificate(folder);
    const ports = [(await freeAddress()).port, (await freeAddress()).port] as const;
    const config = join(folder, "lighttpd.conf");
    const lines = [
      ...listening(folder, ...ports),
      ...settings.map((line) => line.replaceAll("$ROOT", folder)),
    ];
    write(config, `${lines.join("\n")}\n`);
    const program = await startForeground(LIGHTTPD, ["-D", "-f", config], ports);
    const [plain, secure] = [`127.0.0.1:${ports[0]}`, `127.0.0.1:${ports[1]}`];
    return { plain, secure, authority, stop: () => program.stop().then(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Where it listens, and what it serves there. */
function listening(folder: string, plain: number, secure: number): string[] {
  return [
    'server.modules += ("mod_openssl")',
    'server.bind = "127.0.0.1"',
    `server.port = ${plain}`,
    `server.document-root = "${join(folder, "documents")}"`,
    `$SERVER["socket"] == "127.0.0.1:${secure}" {`,
    '  ssl.engine = "enable"',
    `  ssl.pemfile = "${join(folder, "leaf.pem")}"`,
    `  ssl.privkey = "${join(folder, "leaf.key")}"`,
    "}",
  ];
}

/** leaf.pem and leaf.key for localhost. Returns the certificate of the authority behind them. */
function issueCertificate(folder: string): string {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"];
  openssl("req", "-x509", ...key, "-subj", "/CN=An authority", "-keyout", "ca.key", "-out", "ca.pem");
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const issuer = ["-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "basicConstraints=critical,CA:FALSE"];
  openssl("req", "-x509", ...key, ...names, ...issuer, "-keyout", "leaf.key", "-out", "leaf.pem");
  return readFileSync(join(folder, "ca.pem"), "utf8");
}
