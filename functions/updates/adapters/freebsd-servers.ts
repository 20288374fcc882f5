import { type BaseCatalogue, readBaseCatalogue, readMeta } from "../base-catalogue.ts";
import { NoSuchReleaseError } from "../failures.ts";
import { type Arch, type FreebsdTag, readTag } from "../freebsd-tag.ts";
import { download } from "./download.ts";

/** Where FreeBSD's servers are, and whose signatures count. */
export interface FreebsdServersPlace {
  /** `freebsdUpdateUrl` of the settings. */
  readonly updateUrl: string;
  /** `freebsdPackagesUrl` of the settings. */
  readonly packagesUrl: string;
  /** `freebsdKeyPrint` of the settings: SHA-256 of freebsd-update's public key. */
  readonly keyPrint: string;
  /** `freebsdCataloguePrints` of the settings: SHA-256 of the keys that sign the base system's packages. */
  readonly cataloguePrints: readonly string[];
}

/** FreeBSD's servers, asked about a release as the fleet writes it: "15.1". */
export interface FreebsdServers {
  /**
   * The newest patch level and the end of life: of every release, since those made of packages have dist sets as well.
   * @throws what failures.ts names
   */
  tag(release: string, arch: Arch): Promise<FreebsdTag>;
  /**
   * The newest packages of the base system: from 15 on.
   * @throws what failures.ts names; NoSuchReleaseError before 15
   */
  catalogue(release: string, arch: Arch): Promise<BaseCatalogue>;
}

const SMALL = { limitBytes: 16 * 1024, timeoutSeconds: 20 };
const LARGE = { limitBytes: 16 * 1024 * 1024, timeoutSeconds: 60 };

/** Architectures as pkg calls them in its ABI. */
const PKG_ARCH: Readonly<Record<Arch, string>> = { amd64: "amd64", arm64: "aarch64" };

/**
 * FreeBSD's own servers over HTTP. Mirrors that clients find by SRV records are the same servers under other names; the
 * plain name always answers (freebsd-update.sh, fetch_pick_server_init).
 */
export function freebsdServers(place: FreebsdServersPlace): FreebsdServers {
  return {
    tag: async (release, arch) => {
      const folder = `${withoutSlash(place.updateUrl)}/${release}-RELEASE/${arch}`;
      const [publicKey, latest] = await Promise.all(
        ["pub.ssl", "latest.ssl"].map((file) => download(`${folder}/${file}`, SMALL)),
      );
      return readTag(latest ?? NOTHING, publicKey ?? NOTHING, place.keyPrint, release, arch);
    },
    catalogue: async (release, arch) => {
      const [major, minor] = release.split(".");
      if (Number(major) < 15) throw new NoSuchReleaseError(`${release} is not made of packages`);
      const folder = `${withoutSlash(place.packagesUrl)}/FreeBSD:${major}:${PKG_ARCH[arch]}/base_release_${minor}`;
      const meta = await download(`${folder}/meta.conf`, SMALL);
      const archive = await download(`${folder}/${readMeta(meta).archive}.pkg`, LARGE);
      return readBaseCatalogue(meta, archive, release, place.cataloguePrints);
    },
  };
}

const NOTHING = Buffer.alloc(0);

function withoutSlash(url: string): string {
  return url.replace(/\/$/, "");
}
