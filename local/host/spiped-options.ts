import { type Address, readAddress } from "#spiped";

/** What spiped(1) was told on its command line, as far as the rehearsal knows it. */
export interface SpipedOptions {
  readonly mode: "encrypt" | "decrypt";
  readonly source: Address;
  readonly target: Address;
  readonly keyFile: string;
  readonly pidFile: string;
  /** -D: it goes into the background at once, and looks at nothing before. */
  readonly atOnce: boolean;
  readonly requirePfs: boolean;
  readonly noPfs: boolean;
}

const WITH_VALUE = ["-s", "-t", "-k", "-p", "-u", "-n", "-o", "-r"];
const WITHOUT = ["-d", "-e", "-D", "-F", "-f", "-g", "-j", "-R", "-v"];

/** Reads the options. Undefined: spiped would print its usage. */
export function readOptions(words: readonly string[]): SpipedOptions | undefined {
  const values = new Map<string, string>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const value = words[index + 1];
    if (WITHOUT.includes(word)) values.set(word, "");
    else if (WITH_VALUE.includes(word) && value !== undefined) {
      values.set(word, value);
      index += 1;
    } else return undefined;
  }
  const [source, target, keyFile] = ["-s", "-t", "-k"].map((option) => values.get(option));
  if (source === undefined || target === undefined || keyFile === undefined) return undefined;
  if (values.has("-d") === values.has("-e") || (values.has("-f") && values.has("-g"))) return undefined;
  try {
    return {
      mode: values.has("-d") ? "decrypt" : "encrypt",
      source: readAddress(source),
      target: readAddress(target),
      keyFile,
      pidFile: values.get("-p") ?? `${source}.pid`,
      atOnce: values.has("-D"),
      requirePfs: values.has("-g"),
      noPfs: values.has("-f"),
    };
  } catch {
    return undefined; // an address that is none
  }
}
