/*
 * All that is said to a builder, and how its answers are read. Each script is for `/bin/sh -s` as root, comes in on
 * standard input and takes seconds at most; what takes long runs detached.
 */
import type { ImageRecipe } from "./image-recipe.ts";

export { type Inspected, parseInspection, parsePackages } from "./inspect-script.ts";
export { startScript } from "./start-script.ts";
export { type ProvisioningStatus, parseStatus, statusScript } from "./status-script.ts";
export { parseUnmount, unmountScript } from "./unmount-script.ts";

/** The script that checks the disk. It was compiled with the recipe, whose hash vouches for it. */
export function inspectionScript(recipe: ImageRecipe): string {
  return recipe.inspectScript;
}
