import { missing } from "./aws-error.ts";

/** Parameters of a query request, unfolded: `Filter.1.Value.2=x` stands at `Filter[0].Value[1]`. */
export type Params = { [name: string]: string | Params | (string | Params)[] | undefined };

/** Unfolds a form body. Numbers after a dot are list positions, from 1 (AWS query protocol, EC2 query protocol). */
export function unfoldForm(body: string): Params {
  const root: Params = {};
  for (const [name, value] of new URLSearchParams(body)) place(root, name.split("."), value);
  const unfolded = listsOf(root);
  return typeof unfolded === "object" && !Array.isArray(unfolded) ? unfolded : {};
}

function place(root: Params, path: string[], value: string): void {
  let at = root;
  for (const part of path.slice(0, -1)) {
    const next = at[part];
    if (typeof next === "object" && !Array.isArray(next)) at = next;
    else {
      const made: Params = {};
      at[part] = made;
      at = made;
    }
  }
  at[path.at(-1) ?? ""] = value;
}

type Folded = string | Params | (string | Params)[];

function listsOf(value: Params[string]): Folded {
  if (value === undefined) return "";
  if (typeof value === "string" || Array.isArray(value)) return value;
  const entries: [string, Folded][] = Object.entries(value).map(([key, one]) => [key, listsOf(one)]);
  if (entries.length > 0 && entries.every(([key]) => /^[0-9]+$/.test(key))) {
    const inOrder = entries.sort(([a], [b]) => Number(a) - Number(b));
    return inOrder.flatMap(([, one]): (string | Params)[] => (Array.isArray(one) ? one : [one]));
  }
  return Object.fromEntries(entries);
}

/** The string at `name`, if there is one. */
export function text(params: Params, name: string): string | undefined {
  const value = params[name];
  return typeof value === "string" ? value : undefined;
}

/** The string at `name`. @throws AwsError MissingParameter */
export function requiredText(params: Params, name: string): string {
  const value = text(params, name);
  if (value === undefined || value === "") throw missing(name);
  return value;
}

/** The whole number at `name`, if there is one. */
export function integer(params: Params, name: string): number | undefined {
  const value = text(params, name);
  return value === undefined ? undefined : Number.parseInt(value, 10);
}

/** Whether the boolean at `name` is true. */
export function isTrue(params: Params, name: string): boolean {
  return text(params, name) === "true";
}

/** The list at `name`; SES puts it under `member`, as the plain query protocol does. */
export function list(params: Params, name: string): (string | Params)[] {
  const value = params[name];
  if (Array.isArray(value)) return value;
  if (typeof value === "object" && Array.isArray(value.member)) return value.member;
  return [];
}

/** The strings of the list at `name`. */
export function texts(params: Params, name: string): string[] {
  return list(params, name).filter((one) => typeof one === "string");
}

/** The structures of the list at `name`. */
export function structures(params: Params, name: string): Params[] {
  return list(params, name).filter((one) => typeof one === "object");
}

/** The structure at `name`, empty when there is none. */
export function structure(params: Params, name: string): Params {
  const value = params[name];
  return typeof value === "object" && !Array.isArray(value) ? value : {};
}
