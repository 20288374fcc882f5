import type { Fleet } from "./fleet.ts";
import { FleetError } from "./fleet-error.ts";
import type { ImageSpec } from "./image.ts";
import { nearest } from "./nearest.ts";

/** The image of that name. @throws FleetError naming the images that there are, and the nearest. */
export function findImage(fleet: Fleet, name: string): ImageSpec {
  const image = Object.hasOwn(fleet.images, name) ? fleet.images[name] : undefined;
  if (image !== undefined) return image;
  const names = Object.keys(fleet.images);
  const meant = nearest(name, names);
  const hint = meant === undefined ? "" : ` Did you mean "${meant}"?`;
  throw new FleetError(
    `no image "${name}" in the fleet; there ${names.length === 1 ? "is" : "are"}: ${names.join(", ")}.${hint}`,
  );
}
