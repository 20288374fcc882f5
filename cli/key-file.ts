import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { readKey, type SpipedKey } from "#spiped";
import { OperatorError } from "./operator-error.ts";

/** How many bytes a key should have (spiped(1)). */
const KEY_BYTES = 32;
const MAKE_ONE = "make one with: dd if=/dev/urandom bs=32 count=1 of=KEYFILE";

/**
 * The key in a key file of spiped's. What is strange about it but may be meant goes to `warn`, in a line each; a file that is
 * missing or empty is an OperatorError.
 */
export function readKeyFile(file: string, warn: (warning: string) => void): SpipedKey {
  if (file === "-") {
    const hint = "Write the key to a file that only you can read (chmod 600).";
    throw new OperatorError("-k - would read the key from standard input, which carries the data", hint);
  }
  const { bytes, mode } = read(file);
  if (bytes.length === 0) throw new OperatorError(`the key file ${file} is empty`, capital(MAKE_ONE));
  if (bytes.length !== KEY_BYTES) {
    warn(
      `the key file ${file} has ${bytes.length} bytes, not ${KEY_BYTES}; if that is not meant, ${MAKE_ONE}`,
    );
  }
  if ((mode & 0o077) !== 0) warn(`others can read the key file ${file}; chmod 600 ${file}`);
  const key = readKey(bytes);
  bytes.fill(0);
  return key;
}

function read(file: string): { bytes: Buffer; mode: number } {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, "r");
    const stats = fstatSync(descriptor);
    // What is no file, such as the pipe of <(...), is this process's own, whatever its mode says.
    return { bytes: readFileSync(descriptor), mode: stats.isFile() ? stats.mode : 0 };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is no such file" : code === "EACCES" ? "you may not" : code;
    throw new OperatorError(`cannot read the key file ${file}: ${reason}`, capital(MAKE_ONE), {
      cause: error,
    });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
