import { GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { clientSettings, type Settings } from "#platform";
import { readKey, type SpipedKey } from "#spiped";
import { UnusableKeyError } from "./failures.ts";

/** A key file of spiped's, as it should be made (spiped(1)). */
export const PIPE_KEY_BYTES = 32;

/** Where the key lies that is to follow the one in `keyParameter`, while it is rotated. */
export function nextKeyParameter(keyParameter: string): string {
  return `${keyParameter}.next`;
}

/** The keys that functions need to get into a host. */
export interface AccessKeys {
  /** Of a pipe: the one in force and, while it is rotated, the one that is to follow. @throws UnusableKeyError */
  pipeKeys(keyParameter: string): Promise<readonly SpipedKey[]>;
  /** A private SSH key. @throws UnusableKeyError */
  privateKey(parameter: string): Promise<string>;
}

/** Keys from SecureStrings of the function's own region, read anew each time: they may be about to change. */
export function ssmKeys(settings: Settings): AccessKeys {
  const client = new SSMClient(clientSettings(settings));
  const read = async (...Names: string[]) => {
    const { Parameters = [] } = await client.send(new GetParametersCommand({ Names, WithDecryption: true }));
    return new Map(Parameters.map(({ Name, Value }) => [Name, Value ?? ""]));
  };
  const required = (values: Map<string | undefined, string>, parameter: string) => {
    const value = values.get(parameter);
    if (value !== undefined) return value;
    throw new UnusableKeyError(`there is no SSM parameter ${parameter} in ${settings.region}`);
  };
  return {
    pipeKeys: async (keyParameter) => {
      const next = nextKeyParameter(keyParameter);
      const values = await read(keyParameter, next);
      const texts = [
        [keyParameter, required(values, keyParameter)] as const,
        ...(values.has(next) ? [[next, required(values, next)] as const] : []),
      ];
      return texts.map(([name, text]) => readKey(pipeKeyBytes(text, name)));
    },
    privateKey: async (parameter) => requirePrivateKey(required(await read(parameter), parameter), parameter),
  };
}

/** The 32 bytes of a pipe's key from its base64. @throws UnusableKeyError naming the parameter */
export function pipeKeyBytes(text: string, parameter: string): Buffer {
  const bytes = Buffer.from(text.trim(), "base64");
  if (bytes.length === PIPE_KEY_BYTES && bytes.toString("base64") === text.trim()) return bytes;
  throw new UnusableKeyError(
    `the SSM parameter ${parameter} does not hold a pipe's key: ${PIPE_KEY_BYTES} bytes in base64`,
  );
}

/** A private SSH key, as it stands in a parameter. @throws UnusableKeyError naming the parameter */
export function requirePrivateKey(text: string, parameter: string): string {
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----$/m.test(text)) return text;
  throw new UnusableKeyError(`the SSM parameter ${parameter} does not hold a private SSH key`);
}
