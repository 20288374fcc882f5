import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { clientSettings, Failure, type Settings, stopwatch } from "#platform";
import { readKey, type SpipedKey } from "#spiped";
import type { Surroundings } from "../ports.ts";

/** How long a secret is kept: long enough to spare Parameter Store, short enough for a changed key to count soon. */
const KEPT_MILLISECONDS = 5 * 60_000;
/** As long as the others wait for one that cannot be read, or was refused. */
const FAILURE_KEPT_MILLISECONDS = 10_000;
const READ_MILLISECONDS = 3_000;
/** A key file of spiped's, as it should be made: `dd if=/dev/urandom bs=32 count=1` (spiped(1)). */
const KEY_BYTES = 32;

/** A key is missing, or is none. The message names the parameter and is for people; it never holds what was there. */
export class UnusableKeyError extends Failure {
  override readonly name = "UnusableKeyError";
}

/** Where the key lies that is to follow another (layers/hosts/ssm-keys.ts). */
const NEXT = ".next";

/**
 * Keys of pipes and SSH keys, from SecureStrings of the function's own region. Each is read once in five minutes; those that may
 * be in force instead of one that was refused, when that happens.
 */
export function ssmPipeKeys(settings: Settings): Pick<Surroundings, "key" | "otherKeys" | "sshKey"> {
  const client = new SSMClient(clientSettings(settings));
  const read = async (Name: string) => {
    const request = new GetParameterCommand({ Name, WithDecryption: true });
    const { Parameter } = await client
      .send(request, { abortSignal: AbortSignal.timeout(READ_MILLISECONDS) })
      .catch((error: Error) => {
        throw unusable(Name, settings.region, error);
      });
    return Parameter?.Value ?? "";
  };
  const inHand = new Map<string, string>();
  const others = async (name: string) => {
    const found = await Promise.allSettled([`${name}${NEXT}`, name].map(read));
    const texts = found.flatMap((one) => (one.status === "fulfilled" ? [one.value.trim()] : []));
    return [...new Set(texts)].filter((text) => text !== inHand.get(name) && isPipeKey(text)).map(asKey);
  };
  return {
    key: kept(async (name) => {
      const text = await read(name);
      inHand.set(name, text.trim());
      return pipeKey(text, name);
    }),
    otherKeys: kept(others, FAILURE_KEPT_MILLISECONDS),
    sshKey: kept(async (name) => sshKey(await read(name), name)),
  };
}

function pipeKey(text: string, name: string): SpipedKey {
  if (isPipeKey(text)) return asKey(text);
  throw new UnusableKeyError(`the SSM parameter ${name} does not hold a pipe's key: 32 bytes in base64`);
}

function isPipeKey(text: string): boolean {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === KEY_BYTES && bytes.toString("base64") === text.trim();
}

function asKey(text: string): SpipedKey {
  return readKey(Buffer.from(text, "base64"));
}

function sshKey(text: string, name: string): string {
  if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----$/m.test(text))
    throw new UnusableKeyError(`the SSM parameter ${name} does not hold a private SSH key`);
  return text;
}

function unusable(name: string, region: string, error: Error): UnusableKeyError {
  if (error instanceof ParameterNotFound)
    return new UnusableKeyError(
      `there is no SSM parameter ${name} in ${region}. Make it there, as a SecureString`,
    );
  return new UnusableKeyError(`the SSM parameter ${name} of ${region} could not be read: ${error.name}`);
}

/** The same promise for the same name, as long as it is kept. */
function kept<Value>(
  read: (name: string) => Promise<Value>,
  milliseconds = KEPT_MILLISECONDS,
): (name: string) => Promise<Value> {
  const values = new Map<string, { readonly value: Promise<Value>; until: number }>();
  const elapsed = stopwatch();
  return (name) => {
    const known = values.get(name);
    if (known !== undefined && elapsed() < known.until) return known.value;
    const entry = { value: read(name), until: elapsed() + milliseconds };
    entry.value.catch(() => {
      entry.until = elapsed() + FAILURE_KEPT_MILLISECONDS;
    });
    values.set(name, entry);
    return entry.value;
  };
}
