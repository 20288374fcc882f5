import { type Fleet, findImage, type ImageSpec } from "#fleet";
import type { Build } from "./build.ts";
import { RecipeChangedError } from "./failures.ts";
import { compileRecipe, type ImageRecipe } from "./recipe/image-recipe.ts";

/** An image as the fleet describes it, with the recipe compiled from that. */
export interface FleetImage {
  readonly spec: ImageSpec;
  readonly recipe: ImageRecipe;
}

/** The image of that name. @throws FleetError naming the images that exist. */
export function fleetImage(fleet: Fleet, name: string): FleetImage {
  const spec = findImage(fleet, name);
  return { spec, recipe: compileRecipe(spec, fleet, name) };
}

/**
 * The image that a running build was started for. Recipes are not carried from state to state (they would not fit
 * into 256 KiB); each function compiles its own, and the hash proves that all of them compiled the same.
 * @throws RecipeChangedError when the fleet was changed under a running build.
 */
export function imageOfBuild(fleet: Fleet, build: Build): FleetImage {
  const image = fleetImage(fleet, build.image);
  if (image.recipe.hash !== build.recipeHash) {
    throw new RecipeChangedError(
      `the fleet changed while ${build.id} was running (recipe ${build.recipeHash.slice(0, 8)} is now ` +
        `${image.recipe.hash.slice(0, 8)}); start the build again`,
    );
  }
  return image;
}
