import { createHash } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FreebsdSettings } from "../rehearsal/environment.ts";
import { baseCatalogue, META_CONF } from "./catalogue.ts";
import { SigningKey } from "./signing-key.ts";

/** What FreeBSD says of a release. */
export interface RehearsedRelease {
  readonly patchLevel: number;
  /** The last day on which anything is mended, in UTC: "2027-03-31". */
  readonly endOfLife: string;
}

/** What is wrong with the servers. */
export type FreebsdFault =
  | "missing" // 404 for everything
  | "failing" // 500
  | "bad-signature" // signed by nobody's key, though the right public key is shown
  | "other-key" // signed by another key, which is shown
  | "hangs" // takes the request and never answers
  | "truncated" // half of each file
  | "nonsense"; // bytes that are no file of FreeBSD's

/** FreeBSD's releases as they stand when a rehearsal begins. */
const RELEASES: Readonly<Record<string, RehearsedRelease>> = {
  "14.3": { patchLevel: 4, endOfLife: "2026-06-30" },
  "14.4": { patchLevel: 2, endOfLife: "2026-12-31" },
  "15.0": { patchLevel: 6, endOfLife: "2026-09-30" },
  "15.1": { patchLevel: 3, endOfLife: "2027-03-31" },
};

/** All servers of a process share their keys: FreeBSD's, and somebody else's. */
let keys: Promise<readonly [ours: SigningKey, others: SigningKey]> | undefined;

/**
 * update.FreeBSD.org and pkg.FreeBSD.org on loopback: `/RELEASE/ARCH/{pub,latest}.ssl` as freebsd-update fetches them, and
 * `/FreeBSD:15:ARCH/base_release_N/{meta.conf,data.pkg}` as pkg does, signed with keys of the rehearsal's own.
 */
export class FreebsdServers {
  /** What functions are to be told. */
  readonly settings: FreebsdSettings;
  /** Paths that were asked for, in order. */
  readonly requests: string[] = [];
  readonly #releases = new Map(Object.entries(RELEASES));
  readonly #server: Server;
  readonly #ours: SigningKey;
  readonly #others: SigningKey;
  #fault: FreebsdFault | undefined;

  private constructor(server: Server, ours: SigningKey, others: SigningKey) {
    this.#server = server;
    this.#ours = ours;
    this.#others = others;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.settings = {
      freebsdUpdateUrl: url,
      freebsdPackagesUrl: url,
      freebsdKeyPrint: ours.print,
      freebsdCataloguePrints: [ours.print],
    };
  }

  static async start(): Promise<FreebsdServers> {
    keys ??= Promise.all([SigningKey.make(), SigningKey.make()]);
    const [ours, others] = await keys;
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    server.unref(); // whoever forgets to close it must not wait for it
    const servers = new FreebsdServers(server, ours, others);
    server.on("request", (request, response) => servers.#answer(request.url ?? "/", response));
    return servers;
  }

  /** What is said of a release from now on. A lower patch level than before is a mirror that stands still, or a replay. */
  setRelease(release: string, changes: Partial<RehearsedRelease>): void {
    const former = this.#releases.get(release) ?? { patchLevel: 0, endOfLife: "2030-12-31" };
    this.#releases.set(release, { ...former, ...changes });
  }

  /** What is wrong from now on; undefined: nothing. */
  setFault(fault: FreebsdFault | undefined): void {
    this.#fault = fault;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  #answer(path: string, response: ServerResponse): void {
    this.requests.push(path);
    const content = this.#file(path);
    switch (this.#fault) {
      case "hangs":
        return;
      case "failing":
        response.writeHead(500).end("Internal Server Error\n");
        return;
      case "truncated":
        response.end(content?.subarray(0, content.length / 2));
        return;
      case "nonsense":
        response.end("<html><body>Welcome to the hotel's network</body></html>\n");
        return;
      default:
        if (content === undefined || this.#fault === "missing") response.writeHead(404).end("Not Found\n");
        else response.end(content);
    }
  }

  #file(path: string): Buffer | undefined {
    const [, release, arch = "", file] =
      /^\/([\d.]+)-RELEASE\/(amd64|arm64)\/(pub|latest)\.ssl$/.exec(path) ?? [];
    if (release !== undefined) return file === "pub" ? this.#shownKey.publicPem : this.#tag(release, arch);
    const [, major, minor, name] =
      /^\/FreeBSD(?::|%3A)(\d+)(?::|%3A)(?:amd64|aarch64)\/base_release_(\d+)\/(meta\.conf|data\.pkg)$/i.exec(
        path,
      ) ?? [];
    const found = this.#releases.get(`${major}.${minor}`);
    if (found === undefined || Number(major) < 15) return undefined;
    if (name === "meta.conf") return Buffer.from(META_CONF);
    return baseCatalogue(`${major}.${minor}`, found.patchLevel, this.#signer, this.#shownKey);
  }

  /** freebsd-update.sh, fetch_tag. The end of life is the midnight after the last day. */
  #tag(release: string, arch: string): Buffer | undefined {
    const found = this.#releases.get(release);
    if (found === undefined) return undefined;
    const index = createHash("sha256").update(`${release} ${arch} ${found.patchLevel}`).digest("hex");
    const end = Date.parse(`${found.endOfLife}T00:00:00Z`) / 1000 + 86_400;
    return this.#signer.seal(
      `freebsd-update|${arch}|${release}-RELEASE|${found.patchLevel}|${index}|${end}\n`,
    );
  }

  get #signer(): SigningKey {
    const isOther = this.#fault === "other-key" || this.#fault === "bad-signature";
    return isOther ? this.#others : this.#ours;
  }

  get #shownKey(): SigningKey {
    return this.#fault === "other-key" ? this.#others : this.#ours;
  }
}
