import { constants, createHash, publicDecrypt, verify } from "node:crypto";
import { zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { FreebsdServers } from "../../../local/freebsd/freebsd-servers.ts";

let freebsd: FreebsdServers;
beforeAll(async () => {
  freebsd = await FreebsdServers.start();
});
beforeEach(() => freebsd.setFault(undefined));
afterAll(() => freebsd.close());

async function get(path: string): Promise<Buffer> {
  const response = await fetch(`${freebsd.settings.freebsdUpdateUrl}${path}`);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

/** What `openssl pkeyutl -pubin -verifyrecover` finds. @throws when the key is another one */
async function tag(release: string, arch = "amd64"): Promise<string> {
  const key = await get(`/${release}-RELEASE/${arch}/pub.ssl`);
  const sealed = await get(`/${release}-RELEASE/${arch}/latest.ssl`);
  return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, sealed).toString();
}

/** The members of an archive, by name. */
function untar(archive: Buffer): Map<string, Buffer> {
  const members = new Map<string, Buffer>();
  for (let at = 0; (archive[at] ?? 0) !== 0; ) {
    const name = archive.toString("latin1", at, archive.indexOf(0, at));
    const size = Number.parseInt(archive.toString("latin1", at + 124, at + 135), 8);
    members.set(name, archive.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return members;
}

const CATALOGUE = "/FreeBSD:15:amd64/base_release_1";

describe("freebsd-update's server", () => {
  it("signs one line that says the patch level, an index and the midnight after the last day", async () => {
    freebsd.setRelease("14.3", { patchLevel: 5, endOfLife: "2026-06-30" });
    expect(await tag("14.3", "arm64")).toMatch(
      /^freebsd-update\|arm64\|14\.3-RELEASE\|5\|[0-9a-f]{64}\|1782864000\n$/, // 2026-07-01T00:00Z
    );
  });

  it("has the key of which the print is told", async () => {
    const print = createHash("sha256")
      .update(await get("/15.1-RELEASE/amd64/pub.ssl"))
      .digest("hex");
    expect(print).toBe(freebsd.settings.freebsdKeyPrint);
  });

  it("says what was said last, also when that is older", async () => {
    freebsd.setRelease("14.4", { patchLevel: 7 });
    expect((await tag("14.4")).split("|")[3]).toBe("7");
    freebsd.setRelease("14.4", { patchLevel: 6 });
    expect((await tag("14.4")).split("|")[3]).toBe("6");
  });
});

describe("the repository of the base system", () => {
  it("holds the packages, signed as pkg signs (pkg-repo(8))", async () => {
    expect(String(await get(`${CATALOGUE}/meta.conf`))).toContain('packing_format = "tzst";');
    freebsd.setRelease("15.1", { patchLevel: 10 });
    const members = untar(zstdDecompressSync(await get(`${CATALOGUE}/data.pkg`)));
    const [data, signature, key] = ["data", "data.sig", "data.pub"].map(
      (name) => members.get(name) ?? Buffer.alloc(0),
    );
    const digest = createHash("sha256")
      .update(data as Buffer)
      .digest("hex");
    expect(verify("sha256", Buffer.from(digest), key as Buffer, signature as Buffer)).toBe(true);
    expect(
      createHash("sha256")
        .update(key as Buffer)
        .digest("hex"),
    ).toBe(freebsd.settings.freebsdCataloguePrints[0]);
    const { packages } = JSON.parse(String(data)) as { packages: { name: string; version: string }[] };
    const versions = new Map(packages.map(({ name, version }) => [name, version]));
    expect([versions.get("FreeBSD-runtime"), versions.get("FreeBSD-dma")]).toEqual(["15.1p10", "15.1"]);
  });
});

describe("faults", () => {
  const status = async (path: string) => (await fetch(`${freebsd.settings.freebsdUpdateUrl}${path}`)).status;

  it.each([
    ["/14.9-RELEASE/amd64/latest.ssl", "no such release"],
    ["/FreeBSD:14:amd64/base_release_3/data.pkg", "14.x is not made of packages"],
    ["/15.1-RELEASE/riscv/latest.ssl", "no such architecture"],
    ["/", "nothing there"],
  ])("%s is not there: %s", async (path) => {
    expect(await status(path)).toBe(404);
  });

  it("missing, failing, nonsense, truncated", async () => {
    const path = "/15.1-RELEASE/amd64/latest.ssl";
    freebsd.setFault("missing");
    expect(await status(path)).toBe(404);
    freebsd.setFault("failing");
    expect(await status(path)).toBe(500);
    freebsd.setFault("nonsense");
    expect(String(await get(path))).toContain("hotel");
    freebsd.setFault("truncated");
    expect(await get(path)).toHaveLength(128);
  });

  it("nor does a bad signature hold for the catalogue", async () => {
    freebsd.setFault("bad-signature");
    const members = untar(zstdDecompressSync(await get(`${CATALOGUE}/data.pkg`)));
    const [data, signature, key] = ["data", "data.sig", "data.pub"].map(
      (name) => members.get(name) ?? Buffer.alloc(0),
    );
    const digest = createHash("sha256")
      .update(data as Buffer)
      .digest("hex");
    expect(
      createHash("sha256")
        .update(key as Buffer)
        .digest("hex"),
    ).toBe(freebsd.settings.freebsdKeyPrint);
    expect(verify("sha256", Buffer.from(digest), key as Buffer, signature as Buffer)).toBe(false);
  });

  it("a bad signature cannot be recovered by the right key", async () => {
    freebsd.setFault("bad-signature");
    await expect(tag("15.1")).rejects.toThrow();
  });

  it("another key signs well, and has another print", async () => {
    freebsd.setFault("other-key");
    expect(await tag("15.1")).toMatch(/^freebsd-update\|/);
    const print = createHash("sha256")
      .update(await get("/15.1-RELEASE/amd64/pub.ssl"))
      .digest("hex");
    expect(print).not.toBe(freebsd.settings.freebsdKeyPrint);
  });

  it("hangs until the client gives up", async () => {
    freebsd.setFault("hangs");
    const url = `${freebsd.settings.freebsdUpdateUrl}/15.1-RELEASE/amd64/latest.ssl`;
    await expect(fetch(url, { signal: AbortSignal.timeout(100) })).rejects.toThrow();
  });
});
