import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readBaseCatalogue } from "../../functions/updates/base-catalogue.ts";
import { readTag } from "../../functions/updates/freebsd-tag.ts";
import { catalogueOf, META } from "../functions/updates/fixtures/catalogue.ts";

const missing = ["openssl", "tar", "zstd"].filter(
  (name) => spawnSync(name, ["--version"]).error !== undefined,
);
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (missing.length > 0)
  console.log(`${missing.join(", ")}: not installed, FreeBSD's metadata is not made with them`);
const check = missing.length === 0 || required ? test : test.skip;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nightshift-metadata-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Runs a program in the folder; what it prints. Tags are signed by rsautl(1), since pkeyutl(1) of late signs nothing that
 * is longer than a digest.
 */
function run(program: string, args: readonly string[], input: string | Buffer = ""): Buffer {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, input });
  expect({ program, status, stderr: status === 0 ? "" : String(stderr) }).toEqual({
    program,
    status: 0,
    stderr: "",
  });
  return stdout;
}
const print = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("a tag that openssl signed", () => {
  const LINE = `freebsd-update|amd64|14.3-RELEASE|2|${"0f".repeat(32)}|1782864000\n`;
  const makeKey = (name: string, bits: number) => {
    run("openssl", ["genpkey", "-algorithm", "RSA", "-pkeyopt", `rsa_keygen_bits:${bits}`, "-out", name]);
    return run("openssl", ["pkey", "-in", name, "-pubout", "-out", `${name}.pub`]);
  };

  check.each([1024, 2048, 4096])("is read as pkeyutl -verifyrecover reads it (%d bits)", (bits) => {
    const name = `tag-${bits}`;
    makeKey(name, bits);
    const latest = run("openssl", ["rsautl", "-sign", "-inkey", name], LINE);
    const recovered = run(
      "openssl",
      ["pkeyutl", "-pubin", "-inkey", `${name}.pub`, "-verifyrecover"],
      latest,
    );
    expect(String(recovered)).toBe(LINE);
    const pub = readFileSync(join(folder, `${name}.pub`));
    expect(readTag(latest, pub, print(pub), "14.3", "amd64")).toEqual({
      ...{ patchLevel: 2, indexHash: "0f".repeat(32), endOfLife: "2026-06-30" },
    });
  });

  check("is refused where openssl refuses it", () => {
    makeKey("one", 2048);
    makeKey("two", 2048);
    const latest = run("openssl", ["rsautl", "-sign", "-inkey", "two"], LINE);
    const verify = ["pkeyutl", "-pubin", "-inkey", "one.pub", "-verifyrecover"];
    expect(spawnSync("openssl", verify, { cwd: folder, input: latest }).status).not.toBe(0);
    const pub = readFileSync(join(folder, "one.pub"));
    expect(() => readTag(latest, pub, print(pub), "14.3", "amd64")).toThrow(
      expect.objectContaining({ name: "BadSignatureError" }),
    );
  });
});

describe("a catalogue that tar and zstd packed", () => {
  const DATA = catalogueOf({ "FreeBSD-kernel-generic": "15.1p3", "FreeBSD-runtime": "15.1p10" });
  const pack = (format: string, files: readonly string[]) => {
    writeFileSync(join(folder, "data"), DATA);
    return run("zstd", ["-q", "-19", "-c"], run("tar", ["-c", `--format=${format}`, "-f", "-", ...files]));
  };

  check.each(["ustar", "gnu", "posix"])("is read (%s)", (format) => {
    expect(readBaseCatalogue(META, pack(format, ["data"]), "15.1", [])).toEqual({
      version: "15.1p10",
      patchLevel: 10,
    });
  });

  /** What a signing command of pkg's does (pkg-repo(8), EXAMPLES): openssl signs the digest's hexadecimal. */
  const signWith = (key: string, head: string) => {
    writeFileSync(join(folder, "digest"), print(Buffer.from(DATA)));
    const signature = run("openssl", ["dgst", "-sha256", "-sign", key, "digest"]);
    writeFileSync(join(folder, "data.sig"), Buffer.concat([Buffer.from(head), signature]));
  };

  check("its signature by openssl is good (RSA)", () => {
    run("openssl", ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "repo.key"]);
    run("openssl", ["pkey", "-in", "repo.key", "-pubout", "-out", "data.pub"]);
    writeFileSync(join(folder, "data"), DATA);
    signWith("repo.key", "");
    const pub = print(readFileSync(join(folder, "data.pub")));
    const archive = pack("ustar", ["data.sig", "data.pub", "data"]);
    expect(readBaseCatalogue(META, archive, "15.1", [pub]).signedBy).toBe(pub);
  });

  check("its signature by openssl is good (ECDSA, as pkg keeps it)", () => {
    run("openssl", ["ecparam", "-name", "secp256k1", "-genkey", "-noout", "-out", "ec.key"]);
    run("openssl", ["pkey", "-in", "ec.key", "-pubout", "-outform", "DER", "-out", "data.pub"]);
    signWith("ec.key", "$PKGSIGN:ecdsa$");
    const pub = print(readFileSync(join(folder, "data.pub")));
    const archive = pack("ustar", ["data.sig", "data.pub", "data"]);
    expect(readBaseCatalogue(META, archive, "15.1", [pub]).signedBy).toBe(pub);
  });
});
