/** A word as sh reads it back (POSIX.1-2024, Shell Command Language 2.2.2). Quoted only where it has to be. */
export function quote(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command line of these words. */
export function commandLine(...words: string[]): string {
  return words.map(quote).join(" ");
}

/**
 * `command` with `text` on its standard input. An empty text comes from /dev/null, since a here-document always ends
 * with a newline; any other text must end with one.
 */
export function withInput(command: string, text: string): string {
  if (text === "") return `${command} </dev/null`;
  if (!text.endsWith("\n")) throw new RangeError("a here-document ends with a newline");
  const delimiter = freeDelimiter(text);
  return `${command} <<'${delimiter}'\n${text}${delimiter}`;
}

/** A delimiter that is no line of the text. */
function freeDelimiter(text: string): string {
  const lines = new Set(text.split("\n"));
  let delimiter = "END";
  for (let count = 1; lines.has(delimiter); count += 1) delimiter = `END_${count}`;
  return delimiter;
}

/**
 * A script that a shell can read from its standard input. The body is a function, so that nothing runs before all of
 * the script has arrived, and no command in it can eat the rest of the script.
 * @param options of set(1), for example `-eu`.
 */
export function script(options: string, functions: string, body: readonly string[]): string {
  return [
    "#!/bin/sh",
    `set ${options}`,
    // Unset on FreeBSD. A rehearsal puts the builder's file tree into a folder.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own expansion
    "root=${NIGHTSHIFT_ROOT-}",
    functions.trimEnd(),
    "",
    "main() {",
    ...body,
    "}",
    'main "$@" </dev/null',
    "",
  ].join("\n");
}

/** Shell function: whether something is mounted at /mnt$1. mount(8) -p prints device, place, type... */
export const MOUNTED_FUNCTION = `mounted() {
  mount -p | while read -r _ place _; do
    if [ "\${place#"$root"}" = "/mnt$1" ]; then echo yes; fi
  done | grep -q yes
}
`;
