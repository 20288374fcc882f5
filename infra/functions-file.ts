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

/** What a function may do and, where it is not the usual, how long it may take. */
const Entry = z.union([
  z.array(Permission).transform((permissions) => ({ permissions, timeoutSeconds: undefined })),
  z.strictObject({
    /** Instead of serverless.yml's `timeout`. Lambda ends what takes longer than 900 s (Lambda quotas). */
    timeoutSeconds: z.int().min(1).max(900),
    permissions: z.array(Permission),
  }),
]);

export type FunctionEntry = z.infer<typeof Entry>;

const FunctionsFile = z.record(z.string(), Entry);

/** What functions.yml of a domain says of its functions: handler → entry. @throws Error naming file and place. */
export function readFunctionsFile(root: string, domain: string): Record<string, FunctionEntry> {
  const file = join("functions", domain, "functions.yml");
  const parsed = FunctionsFile.safeParse(parse(readFileSync(join(root, file), "utf8")));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
