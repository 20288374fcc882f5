import { createHash } from "node:crypto";
import { AwsError } from "../aws-error.ts";
import { invalidUri } from "./address.ts";

/** Bytes of UTF-8 that a key may have (S3 guide, "Object key naming guidelines"). */
const LONGEST_KEY = 1024;
/** Bytes of a file name that every common file system takes, with room for what is appended. */
const LONGEST_NAME = 240;

/**
 * Where an object lies in its bucket's folder. Keys such as `usage/2026-11-22/manifest.json` are their own paths.
 *
 * In S3 both `a` and `a/b` may exist, which no file system allows. So a name says which it is: a file's has a dot
 * and a folder's has none; where it is otherwise, `+` is appended, which names themselves cannot contain. `%` begins
 * what a file name cannot be: an escaped character, an empty name, or the hash of a long one.
 *
 * A key with a part `.` or `..` is refused, which S3 does only when it leads out of the bucket.
 * @throws AwsError KeyTooLongError, InvalidURI
 */
export function objectFile(key: string): string {
  if (Buffer.byteLength(key) > LONGEST_KEY) throw new AwsError("KeyTooLongError", "Your key is too long");
  const parts = key.split("/");
  if (parts.some((part) => part === "." || part === "..")) throw invalidUri();
  return parts
    .map((part, index) => {
      const isFile = index === parts.length - 1;
      return part.includes(".") === isFile ? nameOf(part) : `${nameOf(part)}+`;
    })
    .join("/");
}

function nameOf(part: string): string {
  if (part === "") return "%";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
  const name = part.replaceAll(/[%+\\:*?"<>|\x00-\x1f\x7f]/g, percentEncoded);
  if (Buffer.byteLength(name) <= LONGEST_NAME) return name;
  const hash = createHash("sha256").update(part).digest("hex").slice(0, 32);
  return `${name.slice(0, 40)}%-${hash}${part.includes(".") ? ".long" : ""}`;
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
