import { chartInWords, heights } from "./chart.ts";
import type { Bar, Block, Document, Row } from "./document.ts";
import { alignedAtPoint, longest, widthOf } from "./in-words.ts";

/** Columns. RFC 5322, 2.1.1 recommends at most 78; the rest is for the marks of those who quote us. */
const WIDTH = 72;
const GAP = "  ";

/** Eighths of a line's height. */
const EIGHTHS = " ▁▂▃▄▅▆▇█";
const CHART_LINES = [2n, 1n, 0n];
const COLUMNS_PER_BAR = 2;

/** A document as plain text, with a newline at its end. */
export function textOf({ heading, blocks, footer }: Document): string {
  const title = wrapped(heading, WIDTH);
  const lines = [
    ...title,
    "=".repeat(longest(title)),
    ...blocks.flatMap((block) => ["", ...linesOf(block)]),
    "",
    "--",
    ...wrapped(`${footer.service}, ${footer.site}`, WIDTH),
    ...footer.lines.flatMap((line) => wrapped(line, WIDTH)),
  ];
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

function linesOf(block: Block): string[] {
  switch (block.kind) {
    case "paragraph":
      return wrapped(block.text, WIDTH);
    case "section":
      return [block.text, "-".repeat(widthOf(block.text))];
    case "command":
      return [`${GAP}${GAP}${block.text}`];
    case "list":
      return block.items.flatMap((item) => hanging("- ", item));
    case "action": {
      const line = `${block.label}: ${block.link}`;
      return widthOf(line) <= WIDTH ? [line] : [`${block.label}:`, block.link];
    }
    case "facts":
      return factLines(block.rows);
    case "figures":
      return figureLines(block.rows);
    case "chart":
      return [
        block.title,
        "",
        ...chartLines(block.bars),
        "",
        ...chartInWords(block.bars).flatMap((line) => wrapped(line, WIDTH)),
      ];
  }
}

function factLines(rows: readonly Row[]): string[] {
  const labelWidth = longest(rows.map(({ label }) => label));
  return rows.flatMap(({ label, value, note }) => [
    ...hanging(`${filled(label, labelWidth)}${GAP}`, value),
    ...(note === undefined ? [] : hanging(filled("", labelWidth) + GAP, note)),
  ]);
}

/** An amount stands beside its label, or beneath all of them if one of the labels is too long for that. */
function figureLines(rows: readonly Row[]): string[] {
  const values = alignedAtPoint(
    rows.map(({ value }) => value),
    " ",
  );
  const [labelWidth, valueWidth] = [longest(rows.map(({ label }) => label)), longest(values)];
  const isBeside = labelWidth + GAP.length + valueWidth <= WIDTH;
  const indent = isBeside ? filled("", labelWidth) + GAP : GAP;
  return rows.flatMap(({ label, note, total }, index) => {
    const value = values[index] ?? "";
    return [
      ...(total ? [indent + "-".repeat(valueWidth)] : []),
      ...(isBeside ? [filled(label, labelWidth) + GAP + value] : [...wrapped(label, WIDTH), GAP + value]),
      ...(note === undefined ? [] : hanging(GAP, note)),
    ];
  });
}

function chartLines(bars: readonly Bar[]): string[] {
  const levels = heights(bars, BigInt(CHART_LINES.length) * 8n);
  return CHART_LINES.map((line) => {
    const blocks = levels.map((level) => blockOf(level - line * 8n).repeat(COLUMNS_PER_BAR));
    return `${GAP}${blocks.join("")}`;
  });
}

/** Below nothing is nothing, and above eight eighths is a full block. */
function blockOf(eighths: bigint): string {
  return [...EIGHTHS].find((_, index) => BigInt(index) >= eighths) ?? "█";
}

/** A text behind a prefix, with further lines below its beginning. */
function hanging(prefix: string, text: string): string[] {
  const room = WIDTH - widthOf(prefix);
  const lines = wrapped(text, room < 20 ? 20 : room);
  return lines.map((line, index) => (index === 0 ? prefix : filled("", widthOf(prefix))) + line);
}

/** Lines of at most so many columns. A word that is longer is broken, but never an address: it must stay whole. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((one) => pieces(one, width))) {
    if (line !== "" && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function pieces(word: string, width: number): string[] {
  const characters = [...word];
  if (characters.length <= width || word.startsWith("https://")) return [word];
  return [characters.slice(0, width).join(""), ...pieces(characters.slice(width).join(""), width)];
}

function filled(text: string, width: number): string {
  return text + " ".repeat(width < widthOf(text) ? 0 : width - widthOf(text));
}
