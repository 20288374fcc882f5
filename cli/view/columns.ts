/**
 * Rows as lines, each column as wide as its widest cell and two spaces from the next. Columns may be right-aligned. A
 * row of one cell is a heading and sets no width.
 */
export function columns(
  rows: readonly (readonly string[])[],
  rightAligned: readonly number[] = [],
): string[] {
  const widths: number[] = [];
  for (const row of rows.filter(({ length }) => length > 1)) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, index) =>
        rightAligned.includes(index) ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}

/** Words separated by `separator`, as many as fit into `width`; the others are counted: "a, b and 12 more". */
export function listed(words: readonly string[], width: number, separator = ", "): string {
  const all = words.join(separator);
  if (all.length <= width) return all;
  for (let shown = words.length - 1; shown > 0; shown -= 1) {
    const text = `${words.slice(0, shown).join(separator)} and ${words.length - shown} more`;
    if (text.length <= width) return text;
  }
  return `${words.length} of them`;
}
