import { readFileSync } from "node:fs";
import { type Fleet, findImage, type ImageSpec, parseFleet } from "#fleet";

const SHIPPED = readFileSync(new URL("../../../../fleet.yml", import.meta.url), "utf8");

/** The shipped fleet, with its image `base` changed. */
export function fleetWith(changes: Partial<ImageSpec> = {}): Fleet {
  const fleet = parseFleet(SHIPPED, "fleet.yml");
  return { ...fleet, images: { ...fleet.images, base: { ...findImage(fleet, "base"), ...changes } } };
}

/** The image `base` of it. */
export function specWith(changes: Partial<ImageSpec> = {}): ImageSpec {
  return findImage(fleetWith(changes), "base");
}

/** A key for every pipe of the shipped fleet, as SSM would hold it. */
export function pipeKeys(bytes = 32): Record<string, string> {
  const key = Buffer.alloc(bytes, 7).toString("base64");
  return Object.fromEntries(Object.values(specWith().pipes).map(({ keyParameter }) => [keyParameter, key]));
}
