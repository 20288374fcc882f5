import { zstdCompressSync } from "node:zlib";
import { BASE_PACKAGES } from "../builder/released-packages.ts";
import type { SigningKey } from "./signing-key.ts";
import { tar } from "./tar.ts";

/** meta.conf of a repository, as `pkg repo` writes it (pkg-repository(5)). */
export const META_CONF = `version = 2;
packing_format = "tzst";
manifests = "packagesite.yaml";
data = "data";
filesite = "files";
manifests_archive = "packagesite";
data_archive = "data";
filesite_archive = "files";
`;

/** Packages that a patch does not touch: they stay at the release's own version. */
const UNTOUCHED = ["FreeBSD-dma", "FreeBSD-zstd"];

/**
 * data.pkg of the base system of a release at a patch level: its packages, in tar and zstd, with the signature inside
 * (pkg, libpkg/pkg_repo_create.c).
 * @param signer signs; the public key in the archive is `shown`'s
 */
export function baseCatalogue(
  release: string,
  patchLevel: number,
  signer: SigningKey,
  shown = signer,
): Buffer {
  const patched = patchLevel === 0 ? release : `${release}p${patchLevel}`;
  const packages = BASE_PACKAGES.map((name) => ({
    name,
    origin: `base/${name}`,
    version: UNTOUCHED.includes(name) ? release : patched,
    comment: `${name} package`,
    arch: `FreeBSD:${release.split(".")[0]}:amd64`,
  }));
  const data = Buffer.from(JSON.stringify({ groups: [], expired_packages: [], packages }));
  return zstdCompressSync(tar({ "data.sig": signer.sign(data), "data.pub": shown.publicPem, data }));
}
