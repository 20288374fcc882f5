/*
 * pkg's order of versions: PORTVERSION[_PORTREVISION][,PORTEPOCH] (pkg-version(8); Porter's Handbook, 5.2.4). The epoch
 * counts first, then the version, then the revision. A version is made of components of a number, a letter and another
 * number ("15", "1p3"), divided by dots and the like; `+` divides groups of components. What is missing counts as 0.
 */

/** Compared from left to right. */
type Component = readonly [number: bigint, letter: number, patch: bigint];

const NONE: Component = [0n, 0, 0n];
/** Missing numbers sort before 0 (a < 0), and `*` before all. */
const MISSING = -1n;
const SMALLEST = -2n;

/** Words that begin a component of their own, with the letter that they stand for: pl < alpha < beta < pre < rc < none. */
const STAGES: ReadonlyMap<string, number> = new Map([
  ["pl", 0],
  ["alpha", rank("a")],
  ["beta", rank("b")],
  ["pre", rank("p")],
  ["rc", rank("r")],
]);

/**
 * Orders two versions as pkg does: 15.1 < 15.1p1 < 15.1p10, 1.0.rc1 < 1.0 < 1.0_1 < 1.0,1. Any text has a place, and the
 * order is total: versions that differ in nothing that counts are equal (1.0 and 1.00).
 */
export function comparePackageVersions(a: string, b: string): -1 | 0 | 1 {
  const [one, other] = [splitVersion(a), splitVersion(b)];
  return (
    order(one.epoch, other.epoch) ||
    compareGroups(groupsOf(one.version), groupsOf(other.version)) ||
    order(one.revision, other.revision)
  );
}

function splitVersion(text: string): { version: string; revision: bigint; epoch: bigint } {
  const underscore = text.lastIndexOf("_");
  const comma = text.indexOf(",", underscore + 1) < 0 ? -1 : text.lastIndexOf(",");
  const end = underscore >= 0 ? underscore : comma >= 0 ? comma : text.length;
  return {
    version: text.slice(0, end),
    revision: underscore >= 0 ? leadingNumber(text.slice(underscore + 1)) : 0n,
    epoch: comma >= 0 ? leadingNumber(text.slice(comma + 1)) : 0n,
  };
}

function groupsOf(version: string): Component[][] {
  return version.toLowerCase().split("+").map(componentsOf);
}

function componentsOf(group: string): Component[] {
  const components: Component[] = [];
  let rest = group;
  while (rest !== "") {
    const [component, length] = firstComponent(rest);
    components.push(component);
    rest = rest.slice(length).replace(/^[^0-9a-z*]+/, "");
  }
  return components;
}

/** The component at the beginning of a text, and how long it is. */
function firstComponent(text: string): [Component, number] {
  if (text.startsWith("*")) return [[SMALLEST, 0, 0n], text.length];
  const [digits = ""] = /^[0-9]*/.exec(text) ?? [];
  const [word = ""] = /^[a-z]*/.exec(text.slice(digits.length)) ?? [];
  const stage = STAGES.get(word);
  const number = digits === "" ? MISSING : leadingNumber(digits);
  // After a number, such a word begins the next component: 10alpha is 10.alpha.
  if (word === "" || (stage !== undefined && digits !== "")) {
    return [[number, 0, 0n], Math.max(digits.length, 1)];
  }
  const [patch = ""] = /^[0-9]*/.exec(text.slice(digits.length + word.length)) ?? [];
  const letter = stage ?? rank(word);
  const component: Component = [number, letter, patch === "" ? MISSING : leadingNumber(patch)];
  return [component, digits.length + word.length + patch.length];
}

function compareGroups(a: Component[][], b: Component[][]): -1 | 0 | 1 {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const found = compareComponents(a[index] ?? [], b[index] ?? []);
    if (found !== 0) return found;
  }
  return 0;
}

function compareComponents(a: Component[], b: Component[]): -1 | 0 | 1 {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [one, other] = [a[index] ?? NONE, b[index] ?? NONE];
    const found = order(one[0], other[0]) || order(one[1], other[1]) || order(one[2], other[2]);
    if (found !== 0) return found;
  }
  return 0;
}

/** Numbers that a long long does not hold are its greatest, as strtoll(3) reads them. */
function leadingNumber(text: string): bigint {
  const [digits = ""] = /^[0-9]*/.exec(text) ?? [];
  const significant = digits.replace(/^0+/, "");
  const greatest = 2n ** 63n - 1n;
  if (significant.length > 19) return greatest;
  const value = BigInt(significant === "" ? "0" : significant);
  return value > greatest ? greatest : value;
}

function rank(word: string): number {
  return word.charCodeAt(0) - "a".charCodeAt(0) + 1;
}

function order<Value extends bigint | number>(a: Value, b: Value): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}
