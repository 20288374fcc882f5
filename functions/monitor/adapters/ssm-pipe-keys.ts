import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { nextKeyParameter, pipeKeyBytes, requirePrivateKey, UnusableKeyError } from "#hosts";
import { clientSettings, type Settings, stopwatch } from "#platform";
import { readKey, type SpipedKey } from "#spiped";
import type { Surroundings } from "../ports.ts";

/** How long a secret is kept: long enough to spare Parameter Store, short enough for a changed key to count soon. */
const KEPT_MILLISECONDS = 5 * 60_000;
/** As long as the others wait for one that cannot be read, or was refused. */
const FAILURE_KEPT_MILLISECONDS = 10_000;
const READ_MILLISECONDS = 3_000;

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
    const found = await Promise.allSettled([nextKeyParameter(name), name].map(read));
    const texts = found.flatMap((one) => (one.status === "fulfilled" ? [one.value.trim()] : []));
    return [...new Set(texts)].filter((text) => text !== inHand.get(name)).flatMap(keyIfAny);
  };
  return {
    key: kept(async (name) => {
      const text = await read(name);
      inHand.set(name, text.trim());
      return readKey(pipeKeyBytes(text, name));
    }),
    otherKeys: kept(others, FAILURE_KEPT_MILLISECONDS),
    sshKey: kept(async (name) => requirePrivateKey(await read(name), name)),
  };
}

function keyIfAny(text: string): SpipedKey[] {
  try {
    return [readKey(pipeKeyBytes(text, ""))];
  } catch {
    return []; // it could be no server's key either
  }
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
