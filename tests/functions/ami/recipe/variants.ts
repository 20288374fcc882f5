import { readFileSync } from "node:fs";
import { type Fleet, findImage, type ImageSpec, parseFleet } from "#fleet";
import { compileRecipe, type ImageRecipe } from "../../../../functions/ami/recipe/image-recipe.ts";

const SHIPPED = readFileSync(new URL("../../../../fleet.yml", import.meta.url), "utf8");
const fleet: Fleet = parseFleet(SHIPPED, "fleet.yml");
const base = findImage(fleet, "base");

/** 32 different bytes for each key. */
export function keysFor(recipe: ImageRecipe): Map<string, Buffer> {
  return new Map(
    recipe.secrets.map(({ path }, number) => [
      path,
      Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 7 + number) % 256)),
    ]),
  );
}

/** The shipped image with some of it changed. */
export function recipeOf(changes: Partial<ImageSpec> = {}): ImageRecipe {
  return compileRecipe({ ...base, ...changes }, fleet, "base");
}

/** The shipped image in a fleet without errands: hosts look for updates by themselves, and let nobody in as root. */
export function aloneRecipe(changes: Partial<ImageSpec> = {}): ImageRecipe {
  const { updates: _updates, tunnels: _tunnels, ...alone } = fleet;
  return compileRecipe({ ...base, ...changes }, alone, "base");
}

/** The image without any of its optional sections, but the pipe that it cannot be without. */
export function bareRecipe(release: string): ImageRecipe {
  const { dnsCache: _dns, mailRelay: _mail, packageRepository: _own, ...rest } = base;
  const { SSH } = base.pipes;
  const pipes = SSH === undefined ? {} : { SSH };
  return compileRecipe(
    { ...rest, release, pipes, packages: ["spiped"], services: { on: ["spiped"], off: [] }, files: [] },
    { ...fleet, updates: undefined, tunnels: undefined },
    "bare",
  );
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: this is pkg's own variable
const ABI = "${ABI}";

/** Images that are compared byte by byte. 14.3 differs by the package system, arm64 by nothing but its name. */
export const VARIANTS = {
  "14.3-amd64": recipeOf({
    release: "14.3",
    cron: [{ schedule: "30 3 * * *", user: "root", command: "tarsnap --fsck" }],
    packageRepository: {
      name: "cluster",
      url: `http://127.0.0.1:8080/${ABI}`,
      buildUrl: `http://pkg.example.org/${ABI}`,
      fingerprint: "ab".repeat(32),
    },
  }),
  "15.1-amd64": recipeOf(),
  "15.1-arm64": recipeOf({ arch: "arm64", instanceType: "r7g.large" }),
} satisfies Readonly<Record<string, ImageRecipe>>;
