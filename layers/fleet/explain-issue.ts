import type { z } from "#platform";
import { schemaAt } from "./json-schema.ts";
import { nearest } from "./nearest.ts";

/** One thing that is wrong with a value, before it is known where in the file the value stands. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  /** The key itself is wrong, not its value. */
  readonly atKey: boolean;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** Says in words what is wrong: what was expected, what was found, and what was probably meant. */
export function explainIssue(issue: Issue, fleet: unknown): Finding[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      atKey: true,
      message: unknownKey(issue.path, key, fleet),
    }));
  }
  if (issue.code === "invalid_key") {
    return [{ path: issue.path, atKey: true, message: issue.issues[0]?.message ?? issue.message }];
  }
  const value = valueAt(fleet, issue.path);
  return [
    {
      path: issue.path,
      atKey: false,
      message: value === undefined ? missing(issue, fleet) : wrong(issue, value),
    },
  ];
}

function unknownKey(path: readonly PropertyKey[], key: string, fleet: unknown): string {
  const known = Object.keys(schemaAt(path, fleet)?.properties ?? {});
  const meant = nearest(key, known);
  return meant === undefined
    ? `unknown key; known here: ${known.join(", ")}`
    : `unknown key; did you mean "${meant}"?`;
}

function missing(issue: Issue, fleet: unknown): string {
  const description = schemaAt(issue.path, fleet)?.description;
  const expected = issue.code === "invalid_type" ? WORDS[issue.expected] : undefined;
  if (issue.code === "custom") return issue.message;
  return `missing${expected === undefined ? "" : `; expected ${expected}`}${description === undefined ? "" : `: ${description}`}`;
}

function wrong(issue: Issue, value: unknown): string {
  if (issue.code === "invalid_type") return `${expectation(issue)}, found ${show(value)}`;
  if (issue.code === "invalid_union" && "options" in issue) {
    const kinds = issue.options ?? [];
    return `${choice(kinds)}, found ${show(value)}${hint(value, kinds)}`;
  }
  if (issue.code === "invalid_value")
    return `${choice(issue.values)}, found ${show(value)}${hint(value, issue.values)}`;
  if ((issue.code === "too_small" || issue.code === "too_big") && !issue.message.startsWith("expected"))
    return `${bound(issue)}, found ${show(value)}`;
  // Rules across sections say themselves what they found.
  if (issue.code === "custom" && !issue.message.startsWith("expected")) return issue.message;
  return `${issue.message}, found ${show(value)}`;
}

const WORDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "keys and values",
  record: "keys and values",
  array: "a list",
};

function expectation(issue: z.core.$ZodIssueInvalidType): string {
  if (issue.message.startsWith("expected")) return issue.message;
  return `expected ${WORDS[issue.expected] ?? issue.expected}`;
}

/** What a bound allows: "expected 72 or less", "expected 60 characters or less". */
function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const [limit, side] = issue.code === "too_small" ? [issue.minimum, "more"] : [issue.maximum, "less"];
  const unit = { string: " characters", array: " items" }[issue.origin as string] ?? "";
  return `expected ${limit}${limit === 1 ? unit.replace(/s$/, "") : unit} or ${side}`;
}

function choice(values: readonly unknown[]): string {
  const [only] = values;
  const words = values.map((value) => (typeof value === "number" ? String(value) : show(value)));
  return values.length === 1 ? `expected ${show(only)}` : `expected one of ${words.join(", ")}`;
}

function hint(value: unknown, values: readonly unknown[]): string {
  const meant = typeof value === "string" ? nearest(value, values.map(String)) : undefined;
  return meant === undefined ? "" : `; did you mean "${meant}"?`;
}

/** A value in few words. */
function show(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "keys and values";
  if (typeof value === "number") return `the number ${value}`;
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}..."` : text;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined),
    root,
  );
}
