import { createHash } from "node:crypto";
import type { Fleet, ImageSpec } from "#fleet";
import { derivedChecks } from "./checks.ts";
import { cronJobs } from "./cron-jobs.ts";
import { dnsCache } from "./dns-cache.ts";
import { firstBoot } from "./first-boot.ts";
import { hostAccess } from "./host-access.ts";
import { inspectScript } from "./inspect-script.ts";
import { mailer } from "./mailer.ts";
import { ownFiles } from "./own-files.ts";
import { buildRepository, packageRepositories } from "./package-repositories.ts";
import { provisionScript } from "./provision-script.ts";
import { rcConf } from "./rc-conf.ts";
import type {
  RecipeAccount,
  RecipeCheck,
  RecipeFile,
  RecipeFolder,
  RecipeLink,
  RecipePart,
  RecipeSecret,
} from "./recipe-part.ts";
import { spipedPipes } from "./spiped-pipes.ts";

/** All that goes onto an image, and the scripts that bring it there. The same fleet gives the same bytes. */
export interface ImageRecipe {
  readonly image: string;
  readonly release: string;
  readonly arch: "amd64" | "arm64";
  readonly filesystem: "ufs" | "zfs";
  readonly packages: readonly string[];
  readonly accounts: readonly RecipeAccount[];
  readonly folders: readonly RecipeFolder[];
  readonly files: readonly RecipeFile[];
  readonly links: readonly RecipeLink[];
  readonly rcSettings: readonly (readonly [string, string])[];
  readonly secrets: readonly RecipeSecret[];
  readonly checks: readonly RecipeCheck[];
  /** Runs on the builder; its argument is the folder of the keys. */
  readonly provisionScript: string;
  /** Runs on the builder afterwards and prints how each check went. */
  readonly inspectScript: string;
  /** SHA-256 of everything above, in hexadecimal. Knows the names of secrets, never their values. */
  readonly hash: string;
}

/** Compiles an image of the fleet. */
export function compileRecipe(image: ImageSpec, fleet: Fleet, imageName: string): ImageRecipe {
  const repositories = packageRepositories(image);
  const concerns = [
    rcConf(image, fleet),
    cronJobs(image, fleet),
    dnsCache(image),
    mailer(image, fleet),
    spipedPipes(image),
    firstBoot(image),
    hostAccess(image, fleet),
    ownFiles(image),
  ];
  const parts = join(concerns);
  const all = join([repositories, ...concerns]);
  const provisions = {
    ...parts,
    release: image.release,
    packages: image.packages,
    buildRepository: buildRepository(image),
    repositoryFolders: repositories.folders ?? [],
    repositoryFiles: repositories.files ?? [],
  };
  const checks = derivedChecks({ ...all, packages: image.packages });
  return withHash({
    image: imageName,
    release: image.release,
    arch: image.arch,
    filesystem: image.filesystem,
    packages: image.packages,
    ...all,
    checks,
    provisionScript: provisionScript(provisions),
    inspectScript: inspectScript(checks),
  });
}

function join(parts: readonly RecipePart[]): Required<RecipePart> {
  return {
    accounts: parts.flatMap(({ accounts }) => accounts ?? []),
    folders: parts.flatMap(({ folders }) => folders ?? []),
    files: parts.flatMap(({ files }) => files ?? []),
    links: parts.flatMap(({ links }) => links ?? []),
    rcSettings: parts.flatMap(({ rcSettings }) => rcSettings ?? []),
    secrets: parts.flatMap(({ secrets }) => secrets ?? []),
    checks: parts.flatMap(({ checks }) => checks ?? []),
  };
}

function withHash(recipe: Omit<ImageRecipe, "hash">): ImageRecipe {
  return { ...recipe, hash: createHash("sha256").update(JSON.stringify(recipe)).digest("hex") };
}
