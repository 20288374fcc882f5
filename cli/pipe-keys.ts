import { nextKeyParameter, pipeKeyBytes } from "#hosts";
import { readKey, type SpipedKey } from "#spiped";
import type { Parameters } from "./deployed/parameters.ts";
import { OperatorError } from "./operator-error.ts";

/**
 * The keys of a pipe in Parameter Store: the one in force and, while it is rotated, the one that is to follow. They are never
 * printed. @throws OperatorError when there is none, or what is there is none
 */
export async function readPipeKeys(
  parameters: Parameters,
  parameter: string,
  region: string,
): Promise<readonly SpipedKey[]> {
  const value = await parameters.read(parameter);
  if (value === undefined)
    throw new OperatorError(
      `there is no SSM parameter ${parameter} in ${region}`,
      "See which there are: nightshift keys list. To make one: nightshift keys new NAME",
    );
  const nextParameter = nextKeyParameter(parameter);
  const next = await parameters.read(nextParameter);
  return [keyOf(value, parameter), ...(next === undefined ? [] : [keyOf(next, nextParameter)])];
}

function keyOf(text: string, parameter: string): SpipedKey {
  try {
    return readKey(pipeKeyBytes(text, parameter));
  } catch (error) {
    throw new OperatorError((error as Error).message, "To make a new key: nightshift keys new NAME", {
      cause: error,
    });
  }
}
