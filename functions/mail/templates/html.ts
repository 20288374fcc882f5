import { chartInWords, heights } from "./chart.ts";
import type { Bar, Block, Document, Footer, Row } from "./document.ts";
import { BAR_PIXELS, DARK_STYLE, type Part, STYLES } from "./html-style.ts";
import { alignedAtPoint } from "./in-words.ts";

/** Columns of a chart, so that a bar is as wide on the first night as on the thirtieth. */
const CHART_COLUMNS = 30;
/** RFC 5322, 2.1.1: a line has at most 998 characters, of which tags and entities take most. */
const WORD_CHARACTERS = 60;
const LINE_CHARACTERS = 100;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A document as an HTML page that needs nothing but itself, with a newline at its end. */
export function htmlOf({ subject, tone, heading, blocks, footer }: Document): string {
  const sheet = tone === "warning" ? "alert" : "sheet";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${prose(subject)}</title>
<style>
${DARK_STYLE}
</style>
</head>
<body class="page" style="${STYLES.page}">
${element("div", sheet, [element("h1", "heading", prose(heading)), ...blocks.map(blockHtml)])}
${element("div", "footer", footerLines(footer))}
</body>
</html>
`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return element("p", "paragraph", prose(block.text));
    case "section":
      return element("h2", "section", prose(block.text));
    case "command":
      return element("pre", "command", brokenWord(block.text));
    case "list":
      return element(
        "ul",
        "list",
        block.items.map((item) => `<li>${prose(item)}</li>`),
      );
    case "action":
      return element("div", "action", [
        element("a", "button", prose(block.label), ` href="${escaped(block.link)}"`),
        element("span", "address", prose(block.link)),
      ]);
    case "facts":
      return factTable(block.rows);
    case "figures":
      return figureTable(block.rows);
    case "chart":
      return chartHtml(block.title, block.bars);
  }
}

/** Digits of the fixed font have the width of a no-break space, so the points of amounts stand below each other. */
function aligned(rows: readonly Row[]): Row[] {
  const values = alignedAtPoint(
    rows.map(({ value }) => value),
    "\u00a0",
  );
  return rows.map((row, index) => ({ ...row, value: values[index]?.trimStart() ?? row.value }));
}

/** Labels of facts are our own and short; a value may be anything. */
function factTable(rows: readonly Row[]): string {
  return element(
    "table",
    "table",
    rows.map(({ label, value, note }) => {
      const below = note === undefined ? "" : `\n${element("span", "note", prose(note))}`;
      const term = element("th", "term", prose(label), ' scope="row"');
      return `<tr>\n${term}\n${element("td", "value", prose(value) + below)}\n</tr>`;
    }),
  );
}

/** A note takes a row of its own: beside a figure there may be little room. */
function figureTable(rows: readonly Row[]): string {
  const lines = aligned(rows).flatMap(({ label, value, note, total }) => {
    const strong = (text: string) => (total ? `<strong>${prose(text)}</strong>` : prose(text));
    const line = note === undefined ? "" : ";border-bottom:0";
    const cells = [
      element("th", "label", strong(label), ' scope="row"', line),
      element("td", "figure", strong(value), "", line),
    ];
    const remark =
      note === undefined ? [] : [`<tr>\n${element("td", "remark", prose(note), ' colspan="2"')}\n</tr>`];
    return [`<tr>\n${cells.join("\n")}\n</tr>`, ...remark];
  });
  return element("table", "table", lines);
}

function chartHtml(title: string, bars: readonly Bar[]): string {
  const words = chartInWords(bars);
  const missing = bars.length < CHART_COLUMNS ? CHART_COLUMNS - bars.length : 0;
  const levels = [...Array.from({ length: missing }, () => 0n), ...heights(bars, BAR_PIXELS)];
  const slots = levels.map((level) =>
    element(
      "td",
      "slot",
      level === 0n ? "" : `\n<div class="bar" style="height:${level}px;${STYLES.bar}"></div>`,
    ),
  );
  const label = ` role="img" aria-label="${escaped(`${title}: ${words.join(" ")}`)}"`;
  return element("div", "chart", [
    element("div", "title", prose(title)),
    element("table", "bars", ["<tr>", ...slots, "</tr>"], label),
    ...words.map((line) => element("span", "note", prose(line))),
  ]);
}

function footerLines({ service, site, lines }: Footer): string[] {
  const link = element("a", "link", prose(site), ` href="${escaped(site)}"`);
  return [`${prose(service)}, ${link}`, ...lines.map(prose)].map((line) => `<div>${line}</div>`);
}

/** Several children stand on lines of their own. */
function element(
  tag: string,
  part: Part,
  content: string | readonly string[],
  attributes = "",
  moreStyle = "",
): string {
  const inner = typeof content === "string" ? content : `\n${content.join("\n")}\n`;
  return `<${tag} class="${part}" style="${STYLES[part]}${moreStyle}"${attributes}>${inner}</${tag}>`;
}

/** Text between tags: escaped, and in lines that are not too long. What is broken in a long word cannot be seen. */
function prose(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length > LINE_CHARACTERS) {
      lines.push(line);
      line = brokenWord(word);
    } else line = line === "" ? brokenWord(word) : `${line} ${brokenWord(word)}`;
  }
  return [...lines, line].join("\n");
}

function brokenWord(word: string): string {
  const characters = [...word];
  if (characters.length <= WORD_CHARACTERS) return escaped(word);
  const rest = brokenWord(characters.slice(WORD_CHARACTERS).join(""));
  return `${escaped(characters.slice(0, WORD_CHARACTERS).join(""))}<wbr\n>${rest}`;
}

/** Text in which nothing is a tag, an entity or the end of an attribute. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
