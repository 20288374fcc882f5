import type { ImageSpec, PackageRepository } from "#fleet";
import { GENERATED, type RecipeFile, type RecipePart, rootFile } from "./recipe-part.ts";
import { majorVersion } from "./release.ts";

const REPOSITORIES = "/usr/local/etc/pkg/repos";
const FINGERPRINTS = "/usr/local/etc/pkg/fingerprints";
const KEYS = "/usr/local/etc/pkg/keys";

/** Where the builder's view of the repository stands while packages are installed. Not part of the product. */
export const BUILD_REPOSITORIES = "/var/tmp/nightshift-repositories";

/** FreeBSD's own repositories of packages, whose tags changed in 15 (freebsd-src, usr.sbin/pkg/FreeBSD.conf). */
export function officialRepositories(release: string): string[] {
  return majorVersion(release) >= 15
    ? ["FreeBSD-ports", "FreeBSD-ports-kmods"]
    : ["FreeBSD", "FreeBSD-kmods"];
}

/**
 * The repository to look into for newer packages. On 15.x the base system's is one of several, and asked for by itself;
 * undefined: all that are on.
 */
export function upgradedRepository({ release, packageRepository }: ImageSpec): string | undefined {
  if (majorVersion(release) < 15) return undefined;
  return packageRepository?.name ?? officialRepositories(release)[0];
}

/** Points pkg at the own repository instead of FreeBSD's, by the files that override /etc/pkg (pkg.conf(5)). */
export function packageRepositories({ release, packageRepository }: ImageSpec): RecipePart {
  const official = packageRepository === undefined ? [] : officialRepositories(release);
  const lines = official.map((tag) => `${tag}: { enabled: no }`);
  // On 15.x this is where FreeBSD's own patches come from; it is off by default.
  if (majorVersion(release) >= 15) lines.push("FreeBSD-base: { enabled: yes }");
  const files =
    lines.length === 0 ? [] : [rootFile(`${REPOSITORIES}/FreeBSD.conf`, [GENERATED, ...lines].join("\n"))];
  if (packageRepository === undefined) return { files };
  const { name, url, fingerprint } = packageRepository;
  return {
    // pkg refuses fingerprints without a folder of revoked ones.
    folders:
      fingerprint === undefined
        ? []
        : [{ path: `${FINGERPRINTS}/${name}/revoked`, mode: "0755", owner: "root:wheel" }],
    files: [...files, repositoryFile(REPOSITORIES, packageRepository, url), ...trustFiles(packageRepository)],
    checks: [{ name: "official repositories", shell: "no_unknown_repository" }],
  };
}

/** The own repository as the builder reaches it; undefined when packages come from FreeBSD. */
export function buildRepository({ packageRepository }: ImageSpec): RecipeFile | undefined {
  if (packageRepository === undefined) return undefined;
  return repositoryFile(BUILD_REPOSITORIES, packageRepository, packageRepository.buildUrl);
}

function repositoryFile(folder: string, repository: PackageRepository, url: string): RecipeFile {
  const { name } = repository;
  const members = [`url: "${url}"`, 'mirror_type: "none"', ...signature(repository), "enabled: yes"];
  return rootFile(`${folder}/${name}.conf`, `${GENERATED}\n${name}: {\n  ${members.join(",\n  ")}\n}\n`);
}

function signature({ name, fingerprint, publicKey }: PackageRepository): string[] {
  if (fingerprint !== undefined)
    return ['signature_type: "fingerprints"', `fingerprints: "${FINGERPRINTS}/${name}"`];
  if (publicKey !== undefined) return ['signature_type: "pubkey"', `pubkey: "${KEYS}/${name}.pub"`];
  return ['signature_type: "none"'];
}

function trustFiles({ name, fingerprint, publicKey }: PackageRepository): RecipeFile[] {
  if (fingerprint !== undefined) {
    const trusted = `function: "sha256"\nfingerprint: "${fingerprint}"\n`;
    return [rootFile(`${FINGERPRINTS}/${name}/trusted/${name}`, trusted)];
  }
  return publicKey === undefined ? [] : [rootFile(`${KEYS}/${name}.pub`, publicKey)];
}
