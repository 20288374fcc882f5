import type { z } from "zod";
import { AwsError } from "./aws-error.ts";

/**
 * Reads the input of a JSON operation by its shape.
 * @throws AwsError ValidationException that names the first member that does not fit
 */
export function readInput<T extends z.ZodType>(shape: T, input: unknown): z.infer<T> {
  const parsed = shape.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const member = issue?.path.join(".") ?? "";
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${issue?.message ?? "invalid"}`,
  );
}

/** One page of a JSON list operation; tokens are positions, and opaque to the caller. */
export function jsonPage<T>(
  items: readonly T[],
  size: number,
  token: string | undefined,
): { items: readonly T[]; nextToken: string | undefined } {
  const start = token === undefined ? 0 : Number(/^from-(\d+)$/.exec(token)?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) throw new AwsError("InvalidNextToken", "The specified token is not valid.");
  const end = start + size;
  return { items: items.slice(start, end), nextToken: end < items.length ? `from-${end}` : undefined };
}
