import { type Document, isMap, isNode, isPair, isScalar, LineCounter, type Pair, parseDocument } from "yaml";
import { checkFleet } from "./check-fleet.ts";
import type { Finding } from "./explain-issue.ts";
import type { Fleet } from "./fleet.ts";
import { type FleetProblem, fleetErrorOf } from "./fleet-error.ts";

/**
 * Reads a fleet from the text of a fleet.yml.
 * @param fileName as it is to stand in messages.
 * @throws FleetError with every problem, each with its place in the file.
 */
export function parseFleet(text: string, fileName: string): Fleet {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file: fileName, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    throw fleetErrorOf(
      document.errors.map(({ pos, message }) => ({ ...place(pos[0]), path: "", message: plain(message) })),
    );
  }
  const checked = checkFleet(document.toJS());
  if ("fleet" in checked) return checked.fleet;
  throw fleetErrorOf(
    checked.findings.map((finding): FleetProblem => {
      return {
        ...place(offsetOf(document, finding)),
        path: finding.path.join("."),
        message: finding.message,
      };
    }),
  );
}

/** yaml's messages, begun in lower case like ours. */
function plain(message: string): string {
  return `not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

/** Where in the text the finding's key or value stands; for what is missing, the key of what should hold it. */
function offsetOf(document: Document, { path, atKey }: Finding): number {
  for (let length = path.length; length > 0; length -= 1) {
    const known = path.slice(0, length);
    const value = document.getIn(known, true);
    const atValue = !atKey && length === path.length && (isScalar(value) || typeof known.at(-1) === "number");
    const offset = atValue && isNode(value) ? value.range?.[0] : keyOffset(document, known);
    if (offset !== undefined) return offset;
  }
  return 0;
}

/** Where the key at the end of `path` stands, or the item, if it is one of a list. */
function keyOffset(document: Document, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const step = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(
      (item): item is Pair => isPair(item) && isScalar(item.key) && String(item.key.value) === step,
    );
    return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  const item = document.getIn(path, true);
  return isNode(item) ? item.range?.[0] : undefined;
}
