import { createHash, generateKeyPairSync } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { describe, expect, it, test } from "@jest/globals";
import fc from "fast-check";
import { readBaseCatalogue, readMeta } from "../../../functions/updates/base-catalogue.ts";
import { readTar } from "../../../functions/updates/catalogue/tar.ts";
import {
  archiveOf,
  type CatalogueKey,
  catalogueOf,
  ecdsaKey,
  META,
  rsaKey,
  signatureOf,
} from "./fixtures/catalogue.ts";
import { tar } from "./fixtures/tar.ts";

const KEY = rsaKey();
const OTHER = rsaKey();
const DATA = catalogueOf({
  "FreeBSD-kernel-generic": "15.1p10",
  "FreeBSD-runtime": "15.1p9",
  "FreeBSD-zoneinfo": "15.1",
});
const file = (content: string) => ({ name: "data", content });
const unsigned = (content: string) => readBaseCatalogue(META, archiveOf(file(content)), "15.1", []);
const named = (name: string) => expect.objectContaining({ name });

describe("the newest package of the base system", () => {
  const rows: [why: string, versions: Record<string, string>, newest: string, patchLevel: number][] = [
    ["p10 is after p9: numbers, not text", { "FreeBSD-a": "15.1p9", "FreeBSD-b": "15.1p10" }, "15.1p10", 10],
    ["no patch yet", { "FreeBSD-a": "15.1", "FreeBSD-b": "15.1" }, "15.1", 0],
    ["one that lags is not the newest", { "FreeBSD-a": "15.1p2", "FreeBSD-b": "15.1" }, "15.1p2", 2],
    ["packages of others do not count", { "FreeBSD-a": "15.1p1", pkg: "15.1p7" }, "15.1p1", 1],
    [
      "nor do other releases, or what only looks alike",
      {
        "FreeBSD-a": "15.1p1",
        "FreeBSD-b": "15.2",
        "FreeBSD-c": "15.10p3",
        "FreeBSD-d": "15.1p1.2",
        "FreeBSD-e": "15.1px",
      },
      "15.1p1",
      1,
    ],
  ];
  test.each(rows)("%s", (_why, versions, version, patchLevel) => {
    expect(unsigned(catalogueOf(versions))).toEqual({ version, patchLevel });
  });

  test.each([
    ["none of the release", catalogueOf({ "FreeBSD-a": "15.2" })],
    ["no packages", '{"packages":[]}'],
    ["packages that are no list", '{"packages":{}}'],
    ["a package without a version", '{"packages":[{"name":"FreeBSD-a"}]}'],
    ["no JSON", "packages"],
    ["nothing", ""],
  ])("CatalogueUnreadableError: %s", (_why, content) => {
    expect(() => unsigned(content)).toThrow(named("CatalogueUnreadableError"));
  });
});

describe("who signed it", () => {
  const archive = archiveOf(file(DATA), ...signatureOf(DATA, KEY));

  it("is said, by the print of the key", () => {
    expect(readBaseCatalogue(META, archive, "15.1", [OTHER.print, KEY.print])).toEqual({
      ...{ version: "15.1p10", patchLevel: 10, signedBy: KEY.print },
    });
  });

  it("is not said when nobody is trusted: that it was not checked is to be seen", () => {
    expect(readBaseCatalogue(META, archive, "15.1", [])).not.toHaveProperty("signedBy");
  });

  test.each([
    ["of pkg's own tool", "secp256k1"],
    ["of 384 bits", "secp384r1"],
  ])("a key of ECDSA %s", (_why, curve) => {
    const key = ecdsaKey(curve);
    const signed = archiveOf(file(DATA), ...signatureOf(DATA, key));
    expect(readBaseCatalogue(META, signed, "15.1", [key.print]).signedBy).toBe(key.print);
  });

  it("one of several is enough, whoever the others are", () => {
    const signed = archiveOf(
      ...signatureOf(DATA, OTHER, "backup"),
      file(DATA),
      ...signatureOf(DATA, KEY, "awskms"),
    );
    expect(readBaseCatalogue(META, signed, "15.1", [KEY.print]).signedBy).toBe(KEY.print);
  });

  const [signature, pub] = signatureOf(DATA, KEY);
  const [badSignature] = signatureOf(DATA, OTHER);
  const ecdsa = ecdsaKey();
  const [ecdsaSignature, ecdsaPub] = signatureOf(DATA, ecdsa);
  const parts = { signature, pub, badSignature, ecdsaSignature, ecdsaPub } as Record<
    string,
    { name: string; content: Buffer }
  >;
  const part = (name: string) => parts[name] as { name: string; content: Buffer };
  const refused: [why: string, error: string, archive: Buffer, key: CatalogueKey][] = [
    ["nobody", "UntrustedKeyError", archiveOf(file(DATA)), KEY],
    ["somebody else", "UntrustedKeyError", archive, OTHER],
    ["a key without its signature", "UntrustedKeyError", archiveOf(file(DATA), part("pub")), KEY],
    ["a signature without its key", "UntrustedKeyError", archiveOf(file(DATA), part("signature")), KEY],
    [
      "the key in other bytes",
      "UntrustedKeyError",
      archiveOf(file(DATA), part("signature"), {
        ...part("pub"),
        content: Buffer.concat([KEY.pub, Buffer.from("\n")]),
      }),
      KEY,
    ],
    [
      "another key's signature under the trusted name",
      "BadSignatureError",
      archiveOf(file(DATA), part("badSignature"), part("pub")),
      KEY,
    ],
    [
      "another content",
      "BadSignatureError",
      archiveOf(file(DATA.replace("p10", "p11")), part("signature"), part("pub")),
      KEY,
    ],
    [
      "an empty signature",
      "BadSignatureError",
      archiveOf(file(DATA), { name: "data.sig", content: "" }, part("pub")),
      KEY,
    ],
    [
      "ECDSA, and a bit turned",
      "BadSignatureError",
      archiveOf(file(`${DATA} `), part("ecdsaSignature"), part("ecdsaPub")),
      ecdsa,
    ],
    [
      "ECDSA without saying so",
      "BadSignatureError",
      archiveOf(
        file(DATA),
        { name: "data.sig", content: part("ecdsaSignature").content.subarray(15) },
        part("ecdsaPub"),
      ),
      ecdsa,
    ],
    [
      "a way of signing that is not known",
      "BadSignatureError",
      archiveOf(file(DATA), { name: "data.sig", content: "$PKGSIGN:eddsa$x" }, part("ecdsaPub")),
      ecdsa,
    ],
    [
      "a file that is no key",
      "BadSignatureError",
      archiveOf(file(DATA), ...signatureOf(DATA, { ...KEY, pub: Buffer.from("x") })),
      { ...KEY, print: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" },
    ],
  ];
  const mislabelled: [why: string, key: CatalogueKey][] = [
    ["ECDSA that claims to be of another kind", { ...ecdsa, head: "$PKGSIGN:ecc$" }],
    ["ECDSA with a key in PEM, where RSA is meant", pemKey()],
  ];
  test.each(mislabelled)("BadSignatureError although it fits: %s", (_why, key) => {
    const bytes = archiveOf(file(DATA), ...signatureOf(DATA, key));
    expect(() => readBaseCatalogue(META, bytes, "15.1", [key.print])).toThrow(named("BadSignatureError"));
  });

  function pemKey(): CatalogueKey {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pub = Buffer.from(publicKey.export({ type: "spki", format: "pem" }));
    return { privateKey, pub, head: "", print: createHash("sha256").update(pub).digest("hex") };
  }

  test.each(refused)("%s: %s", (_why, error, bytes, { print }) => {
    expect(() => readBaseCatalogue(META, bytes, "15.1", [print])).toThrow(named(error));
  });
});

describe("the archive", () => {
  const content = Buffer.from("content");
  const good = tar({ name: "data", content });

  it("is read: files, not folders; what pax adds of times and owners does not matter", () => {
    const archive = tar(
      { name: "folder/", content: "", type: "5" },
      { name: "PaxHeader/data", content: "30 mtime=1764200000.123456789\n", type: "x" },
      { name: "data", content },
      { name: "deep", content: "x", prefix: "a/b" },
      { name: "empty", content: "" },
    );
    expect([...readTar(archive)].map(([name, bytes]) => [name, bytes.toString()])).toEqual([
      ["data", "content"],
      ["a/b/deep", "x"],
      ["empty", ""],
    ]);
  });

  const changed = (offset: number, text: string) => {
    const archive = Buffer.from(good);
    archive.write(text, offset);
    return archive;
  };
  test.each([
    [
      "two files of one name: which one was signed?",
      tar({ name: "data", content }, { name: "data", content: "evil" }),
    ],
    [
      "another name by pax",
      tar({ name: "x", content: "14 path=data2\n", type: "x" }, { name: "data", content }),
    ],
    [
      "another size by pax",
      tar({ name: "x", content: "12 size=9999\n", type: "g" }, { name: "data", content }),
    ],
    [
      "a long name of GNU's",
      tar({ name: "././@LongLink", content: "data", type: "L" }, { name: "x", content }),
    ],
    ["cut in a file", good.subarray(0, 515)],
    ["cut before its end", good.subarray(0, 1024)],
    ["cut in a header", good.subarray(0, 100)],
    ["empty", Buffer.alloc(0)],
    ["a byte of the header turned", changed(0, "e")],
    ["a sum that is no number", changed(148, "zzzzzz")],
    ["a size that is no number, sum or not", changed(124, "x")],
    ["no tar", Buffer.alloc(4096, "x")],
  ])("CatalogueUnreadableError: %s", (_why, archive) => {
    expect(() => readTar(archive)).toThrow(named("CatalogueUnreadableError"));
  });

  test.each([
    ["not zstd", Buffer.from("x".repeat(100))],
    ["cut", archiveOf(file(DATA)).subarray(0, 100)],
    ["no catalogue in it", archiveOf({ name: "packagesite.yaml", content: DATA })],
  ])("CatalogueUnreadableError, packed: %s", (_why, archive) => {
    expect(() => readBaseCatalogue(META, archive, "15.1", [])).toThrow(named("CatalogueUnreadableError"));
  });

  it("a small file does not become a large memory", () => {
    const bomb = zstdCompressSync(Buffer.alloc(80 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(20_000);
    expect(() => readBaseCatalogue(META, bomb, "15.1", [])).toThrow(/far too large/);
  });

  it("whatever the bytes: files, or this one error", () => {
    const archive = fc.oneof(
      fc.uint8Array({ maxLength: 2048 }).map((bytes) => Buffer.from(bytes)),
      fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => {
        const bytes = Buffer.from(good);
        bytes[at] = byte;
        return bytes;
      }),
    );
    fc.assert(
      fc.property(archive, (bytes) => {
        try {
          readTar(bytes);
        } catch (error) {
          expect(error).toEqual(named("CatalogueUnreadableError"));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("meta.conf", () => {
  it("names the archive and what is in it", () => {
    expect(readMeta(META)).toEqual({ archive: "data", member: "data" });
    const other = Buffer.from('version=2;\ndata = "catalogue.json";\ndata_archive: "catalogue"\n');
    expect(readMeta(other)).toEqual({ archive: "catalogue", member: "catalogue.json" });
  });

  test.each([
    ["an older format", META.toString().replace("version = 2", "version = 1")],
    ["no format", 'data = "data";'],
    ["another packing", META.toString().replace("tzst", "txz")],
    ["nothing", ""],
    ["a page of HTML", "<html>"],
  ])("CatalogueUnreadableError: %s", (_why, text) => {
    expect(() => readMeta(Buffer.from(text))).toThrow(named("CatalogueUnreadableError"));
  });

  it("does not lead elsewhere", () => {
    const meta = Buffer.from('version = 2;\ndata_archive = "../../secret";\n');
    expect(readMeta(meta).archive).toBe("data");
  });
});
