import type { ImageSpec } from "#fleet";
import { type RecipePart, rootFile } from "./recipe-part.ts";

/** The files that the fleet file spells out. */
export function ownFiles({ files }: ImageSpec): RecipePart {
  return { files: files.map(({ path, content, mode }) => rootFile(path, content, mode)) };
}
