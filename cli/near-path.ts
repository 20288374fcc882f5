import { relative, resolve } from "node:path";

/** A path as the operator would type it, so that editors and shells find it: relative, if it is near. */
export function nearPath(path: string): string {
  const near = relative(process.cwd(), resolve(path));
  return near.startsWith("..") ? path : near;
}
