import { EC2Client } from "@aws-sdk/client-ec2";
import { perRegion, type Settings } from "#platform";
import type { Tags } from "../tags.ts";

/** One EC2 client per region, made on first use. */
export function ec2Clients(settings: Settings): (region: string) => EC2Client {
  return perRegion(settings, (options) => new EC2Client(options));
}

/** Our tags in EC2's shape. */
export function toEc2Tags(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** EC2's tags in our shape. */
export function fromEc2Tags(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Tags {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}

/** Filters that select resources with all of these tags. An empty value selects any value of the tag. */
export function tagFilters(tags: Tags): { Name: string; Values: string[] }[] {
  return Object.entries(tags).map(([key, value]) =>
    value === "" ? { Name: "tag-key", Values: [key] } : { Name: `tag:${key}`, Values: [value] },
  );
}

/** The error code of a service exception; the SDK puts it in `name`. */
export function errorCode(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

/** Runs `call`; answers undefined if it fails with one of `codes`, which mean "there is no such thing". */
export async function unlessMissing<T>(
  codes: readonly string[],
  call: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (codes.includes(errorCode(error))) return undefined;
    throw error;
  }
}
