import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "#platform";

/** One permission of a function, in the words of functions.yml. */
const Permission = z.strictObject({
  may: z.array(z.string().regex(/^[a-z0-9-]+:[A-Z][A-Za-z]+$/, "service:Action, without wildcards")).min(1),
  /** Kinds of resource (resource-kind.ts); default: any, where the service knows no narrower one. */
  on: z.array(z.string()).default(["*"]),
  /** `ours`: only what carries the stage's tag. `tagged`: only when the request sets that tag. */
  if: z.enum(["ours", "tagged"]).optional(),
  /** For ec2:CreateTags: only as part of these calls. */
  while: z.array(z.string()).optional(),
});

export type Permission = z.infer<typeof Permission>;

const FunctionsFile = z.record(z.string(), z.array(Permission));

/** What the functions of a domain may do: handler → permissions. @throws Error naming file and place. */
export function readFunctionsFile(root: string, domain: string): Record<string, Permission[]> {
  const file = join("functions", domain, "functions.yml");
  const parsed = FunctionsFile.safeParse(parse(readFileSync(join(root, file), "utf8")));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
