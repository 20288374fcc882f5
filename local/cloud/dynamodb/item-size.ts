/** A value or an item, as DynamoDB's JSON has it. */
type Typed = Readonly<Record<string, unknown>>;

/**
 * Write request units for an item of this size: one per KB or part of one, and one for an item that is not there
 * (DynamoDB guide, "Capacity unit consumption for write operations").
 */
export function writeUnitsOf(item: Typed | undefined): number {
  return Math.max(1, Math.ceil(itemSize(item ?? {}) / 1024));
}

/** Bytes of an item: names and values (DynamoDB guide, "DynamoDB Item sizes and formats"). */
export function itemSize(item: Typed): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + bytesOf(name) + valueSize(record(value)),
    0,
  );
}

function valueSize(value: Typed): number {
  const [type = "", content] = Object.entries(value)[0] ?? [];
  switch (type) {
    case "S":
      return bytesOf(String(content));
    case "N":
      return numberSize(String(content));
    case "B":
      return Buffer.from(String(content), "base64").length;
    case "SS":
    case "NS":
    case "BS":
      return sizes(listOf(content).map((one) => ({ [type.slice(0, 1)]: one })));
    case "L":
      return 3 + listOf(content).length + sizes(listOf(content));
    case "M":
      return 3 + Object.keys(record(content)).length + itemSize(record(content));
    default:
      return 1; // NULL and BOOL
  }
}

/** One byte for every two significant digits, one more, and one for the sign of a negative number. */
function numberSize(text: string): number {
  const digits = text
    .replace(/[eE].*$/, "")
    .replaceAll(/[^0-9]/g, "")
    .replaceAll(/^0+|0+$/g, "");
  return 1 + Math.ceil(digits.length / 2) + (text.startsWith("-") ? 1 : 0);
}

function sizes(values: readonly unknown[]): number {
  return values.reduce((sum: number, one) => sum + valueSize(record(one)), 0);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function record(value: unknown): Typed {
  return typeof value === "object" && value !== null ? (value as Typed) : {};
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
