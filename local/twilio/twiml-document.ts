/** An element of a TwiML document; text stands between elements as it is. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
}

interface OpenElement extends Element {
  readonly children: (Element | string)[];
}

const NAME = "[A-Za-z_][\\w.-]*";
const TOKEN = new RegExp(
  `<\\?[^]*?\\?>|<!--[^]*?-->|</(${NAME})\\s*>|<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>|([^<]+)|(.)`,
  "g",
);
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "g");
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * Reads TwiML: XML without a document type, whose root is `Response`. @throws Error that says what is not well formed
 */
export function parseTwiml(text: string): Element {
  const top: OpenElement = { name: "", attributes: {}, children: [] };
  const open: OpenElement[] = [top];
  for (const [, closing, opening, attributes = "", empty, characters, stray] of text.matchAll(TOKEN)) {
    const inside = open.at(-1) ?? top;
    if (stray !== undefined) throw new Error(`a stray ${stray}`);
    if (characters !== undefined) inside.children.push(unescaped(characters));
    if (closing !== undefined && open.pop()?.name !== closing)
      throw new Error(`</${closing}> closes nothing`);
    if (opening === undefined) continue;
    const element: OpenElement = { name: opening, attributes: readAttributes(attributes), children: [] };
    inside.children.push(element);
    if (empty !== "/") open.push(element);
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.name}> is not closed`);
  const elements = top.children.filter((child) => typeof child !== "string" || child.trim() !== "");
  const [root] = elements;
  if (elements.length !== 1 || typeof root !== "object" || root.name !== "Response")
    throw new Error("the one element at the root must be <Response>");
  return root;
}

/** The text of an element and of all within. */
export function textOf({ children }: Element): string {
  return children.map((child) => (typeof child === "string" ? child : textOf(child))).join("");
}

function readAttributes(text: string): Record<string, string> {
  const found = [...text.matchAll(ATTRIBUTE)].map(
    ([, name = "", double, single]) => [name, unescaped(double ?? single ?? "")] as const,
  );
  if (new Set(found.map(([name]) => name)).size < found.length) throw new Error("an attribute comes twice");
  return Object.fromEntries(found);
}

function unescaped(text: string): string {
  return text.replaceAll(/&([^;\s]*;?)/g, (whole, reference: string) => {
    const name = reference.replace(/;$/, "");
    const number = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(name);
    if (number !== null)
      return String.fromCodePoint(Number.parseInt(number[1] ?? number[2] ?? "", number[1] ? 16 : 10));
    const character = reference.endsWith(";") ? ENTITIES[name] : undefined;
    if (character === undefined) throw new Error(`${whole} is no entity`);
    return character;
  });
}
