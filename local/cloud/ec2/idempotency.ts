import { AwsError } from "../aws-error.ts";
import { type Params, text } from "../form.ts";
import type { Region } from "./region.ts";

/**
 * Runs `make` once per client token (EC2 API developer guide, "Ensuring idempotency"): the same token with the same
 * parameters gives the ids that were made first, even if they are gone since.
 * @throws AwsError IdempotentParameterMismatch for the same token with other parameters
 */
export async function onceByToken(
  region: Region,
  operation: string,
  params: Params,
  make: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const token = text(params, "ClientToken");
  if (token === undefined || token === "") return await make();
  if (token.length > 64)
    throw new AwsError("InvalidParameterValue", "ClientToken must be at most 64 characters.");
  const key = `${operation} ${token}`;
  const request = JSON.stringify(params);
  const used = region.tokens.get(key);
  if (used === undefined) {
    // Kept before it is done: the same request may come twice at once. A failed one leaves the token free.
    const ids = make();
    region.tokens.set(key, { request, ids });
    ids.catch(() => region.tokens.delete(key));
    return await ids;
  }
  if (used.request === request) return await used.ids;
  throw new AwsError(
    "IdempotentParameterMismatch",
    "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
  );
}
