/** Where text goes: the part of a writable stream that is used here. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** What may be done with an output. */
export interface Terminal {
  readonly write: (text: string) => void;
  /** Lines may be rewritten in place. */
  readonly interactive: boolean;
  readonly colour: boolean;
  /** ✓ and × can be shown; otherwise words and letters stand for them. */
  readonly unicode: boolean;
  /** Width in columns, asked for anew each time since windows change. A pseudo-terminal without a size has 0. */
  readonly columns: () => number;
}

/** Lines that nobody measures (a file, a log) are cut here, so that one stray message cannot fill a screen. */
const PLAIN_COLUMNS = 160;

/**
 * Describes an output. It is plain when it is no terminal, or where NO_COLOR (no-color.org), CI or TERM=dumb say that
 * nobody wants control characters.
 */
export function terminalOf(output: Output, environment: NodeJS.ProcessEnv): Terminal {
  const unwanted = isSet(environment.NO_COLOR) || isSet(environment.CI) || environment.TERM === "dumb";
  const interactive = output.isTTY === true && !unwanted;
  return {
    write: (text) => void output.write(text),
    interactive,
    colour: interactive,
    unicode: speaksUtf8(environment),
    columns: () => (output.isTTY === true ? Math.max(output.columns || 80, 20) : PLAIN_COLUMNS),
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

/** The first of these that is set decides about characters (POSIX.1-2017, Environment Variables, 8.2). */
function speaksUtf8(environment: NodeJS.ProcessEnv): boolean {
  const locale = [environment.LC_ALL, environment.LC_CTYPE, environment.LANG].find(isSet);
  return /utf-?8/i.test(locale ?? "");
}

/** A colour that lines may have. */
export type Colour = "green" | "yellow" | "red" | "dim";

const SGR: Readonly<Record<Colour, string>> = { green: "32", yellow: "33", red: "31", dim: "2" };

/** Text in a colour (ECMA-48, Select Graphic Rendition), where the terminal has colours. */
export function paint(terminal: Pick<Terminal, "colour">, colour: Colour, text: string): string {
  return terminal.colour && text !== "" ? `\u001b[${SGR[colour]}m${text}\u001b[0m` : text;
}

/** Text for one line: control characters (a builder's output may hold any) become spaces, the rest is cut to fit. */
export function cut(text: string, columns: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
  const line = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
  const characters = [...line];
  return characters.length <= columns ? line : `${characters.slice(0, Math.max(columns - 3, 0)).join("")}...`;
}
