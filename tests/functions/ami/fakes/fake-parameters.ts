import { BuildRefusedError } from "../../../../functions/ami/failures.ts";
import type { ImagePointers, Secrets } from "../../../../functions/ami/ports.ts";

/** Pointers in memory; `values` maps `region name` to an image id. */
export function fakePointers(
  history: string[] = [],
): ImagePointers & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    current: async (region, name) => values.get(`${region} ${name}`),
    move: async (region, name, imageId) => {
      history.push(`move ${name} to ${imageId}`);
      values.set(`${region} ${name}`, imageId);
    },
  };
}

/** Secrets in memory, by name. */
export function fakeSecrets(values: Readonly<Record<string, string>>): Secrets {
  return {
    read: async (names) => {
      const missing = names.filter((name) => values[name] === undefined);
      if (missing.length > 0) throw new BuildRefusedError(`no such SSM parameter: ${missing.join(", ")}`);
      return new Map(names.map((name) => [name, values[name] ?? ""]));
    },
  };
}
