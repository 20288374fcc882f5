/** What a program prints, and how it ends. */
export interface ProgramAnswer {
  readonly stdout: string;
  readonly stderr?: string;
  readonly status: number;
}

/** Lines as a text. */
export function lines(...texts: readonly (string | readonly string[])[]): string {
  return texts
    .flat()
    .map((line) => `${line}\n`)
    .join("");
}

/** Whether a version of pkg is at least another: "2.4.0". */
export function isAtLeast(version: string, other: string): boolean {
  const [ours, theirs] = [version, other].map((text) => text.split(".").map(Number));
  for (const [index, number] of (theirs ?? []).entries()) {
    const own = ours?.[index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}
