import { zstdDecompressSync } from "node:zlib";
import { z } from "#platform";
import { checkSignature } from "./catalogue/signature.ts";
import { readTar } from "./catalogue/tar.ts";
import { CatalogueUnreadableError } from "./failures.ts";
import { comparePackageVersions } from "./version-order.ts";

/** What the catalogue of a release's packages of the base system says. */
export interface BaseCatalogue {
  /** The newest version among them: "15.1p3", or "15.1" before the first patch. */
  readonly version: string;
  /** 3 for 15.1p3, 0 for 15.1. */
  readonly patchLevel: number;
  /** SHA-256 of the key that signed it. Absent: it was not checked, since no key was said to be trusted. */
  readonly signedBy?: string;
}

/** How a repository keeps its catalogue: meta.conf of pkg-repository(5). */
export interface CatalogueMeta {
  /** Name of the archive, without `.pkg`. */
  readonly archive: string;
  /** Name of the catalogue in it. */
  readonly member: string;
}

/** FreeBSD's has some hundred packages, and less than one MB. A small file must not become a large memory. */
const DECOMPRESSED_LIMIT_BYTES = 64 * 1024 * 1024;

/** The catalogue is JSON: `{"groups": [...], "packages": [manifest, ...]}`. */
const Catalogue = z.object({
  packages: z.array(z.object({ name: z.string().max(200), version: z.string().max(200) })),
});

/**
 * Reads meta.conf, of which lines `name = "value";` are known (UCL has more, which pkg does not write here).
 * @throws CatalogueUnreadableError for a format that is not zstd, or names that are no file names
 */
export function readMeta(meta: Buffer): CatalogueMeta {
  const lines = meta
    .toString("latin1", 0, 16_384)
    .matchAll(/^ *([a-z_]{1,40}) *[=:] *"?([\w.-]{1,60})"? *(?:[;,] *)?$/gm);
  const values = new Map([...lines].map(([, name, value = ""]) => [name, value]));
  const version = values.get("version");
  if (version !== "2")
    throw new CatalogueUnreadableError(`the repository's format is ${version ?? "not said"}, not 2`);
  const packing = values.get("packing_format") ?? "tzst";
  if (packing !== "tzst")
    throw new CatalogueUnreadableError(`the repository is packed as ${packing}, not as tzst`);
  const member = values.get("data") ?? "data";
  return { archive: values.get("data_archive") ?? member, member };
}

/**
 * Reads how far a release's packages of the base system are, from meta.conf and data.pkg (tar in zstd) of its repository.
 * Packages of other versions than the release's own are passed over.
 * @param release "15.1"
 * @param trustedPrints SHA-256 of the keys that may sign. Empty: nothing is checked, and the result says so
 * @throws CatalogueUnreadableError, UntrustedKeyError, BadSignatureError
 */
export function readBaseCatalogue(
  meta: Buffer,
  archive: Buffer,
  release: string,
  trustedPrints: readonly string[],
): BaseCatalogue {
  const files = readTar(decompress(archive));
  const content = files.get(readMeta(meta).member);
  if (content === undefined) throw new CatalogueUnreadableError("the archive has no catalogue in it");
  const signedBy = trustedPrints.length === 0 ? undefined : checkSignature(files, content, trustedPrints);
  const newest = newestVersion(content, release);
  return { ...newest, ...(signedBy === undefined ? {} : { signedBy }) };
}

function decompress(archive: Buffer): Buffer {
  try {
    return zstdDecompressSync(archive, { maxOutputLength: DECOMPRESSED_LIMIT_BYTES });
  } catch (cause) {
    throw new CatalogueUnreadableError("the catalogue's archive is not zstd, or far too large", { cause });
  }
}

function newestVersion(content: Buffer, release: string): { version: string; patchLevel: number } {
  const versions = packagesIn(content)
    .filter(({ name }) => name.startsWith("FreeBSD-"))
    .flatMap(({ version }) => patchOf(version, release));
  const [newest] = versions.sort((a, b) => comparePackageVersions(b.version, a.version));
  if (newest === undefined) throw new CatalogueUnreadableError(`the catalogue has no package of ${release}`);
  return newest;
}

function packagesIn(content: Buffer): z.infer<typeof Catalogue>["packages"] {
  try {
    return Catalogue.parse(JSON.parse(content.toString("utf8"))).packages;
  } catch (cause) {
    throw new CatalogueUnreadableError("the catalogue is not the JSON of pkg's", { cause });
  }
}

/** "15.1p3" of 15.1 is patch level 3. */
function patchOf(version: string, release: string): { version: string; patchLevel: number }[] {
  if (version === release) return [{ version, patchLevel: 0 }];
  const [, level] =
    /^p(\d{1,4})$/.exec(version.startsWith(release) ? version.slice(release.length) : "") ?? [];
  return level === undefined ? [] : [{ version, patchLevel: Number(level) }];
}
