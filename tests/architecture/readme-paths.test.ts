import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { listFiles, ROOT } from "./source-files.ts";

const PAGES = [
  ...["README.md", "DESIGN.md", "CONTRIBUTING.md", "CHANGELOG.md"].filter((file) =>
    existsSync(join(ROOT, file)),
  ),
  ...["docs", "functions", "layers", "local", "infra", "cli", "state-machines", "events"].flatMap((folder) =>
    listFiles(folder, [".md"]),
  ),
];

const SCRIPTS = Object.keys(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).scripts);

/** Folders that exist at the root, whose files a page may name. */
const TOP = /^(functions|layers|state-machines|events|infra|local|cli|tests|docs|bench)\//;

/** Paths that an example makes up, or that a run makes. */
const EXAMPLES = /[<>*{}…]|\.\.\.|^tests\/billing|charge-account|billing-nightly/;

interface Mention {
  readonly page: string;
  readonly line: number;
  readonly path: string;
}

/** What a page names in `code` or links to. */
function mentionsOf(page: string): Mention[] {
  const lines = readFileSync(join(ROOT, page), "utf8").split("\n");
  return lines.flatMap((text, index) => {
    const code = [...text.matchAll(/`([^`\s]+)`/g)].map((match) => match[1] ?? "");
    const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map((match) => match[1] ?? "");
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    const paths = [...code.filter((one) => TOP.test(one)), ...local.map((link) => fromRoot(page, link))];
    return paths.map((path) => ({ page, line: index + 1, path: path.replace(/[.,:]$/, "") }));
  });
}

function fromRoot(page: string, link: string): string {
  return join(dirname(page), link);
}

describe("what the pages name exists", () => {
  it.each(PAGES)("%s: paths", (page) => {
    const missing = mentionsOf(page)
      .filter(({ path }) => !EXAMPLES.test(path) && !existsSync(join(ROOT, path)))
      .map(({ line, path }) => `${page}:${line}: ${path}`);
    expect(missing).toEqual([]);
  });

  it.each(PAGES)("%s: npm scripts", (page) => {
    const named = readFileSync(join(ROOT, page), "utf8").matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g);
    expect([...named].map((match) => match[1] ?? "").filter((script) => !SCRIPTS.includes(script))).toEqual(
      [],
    );
  });

  it.each(PAGES)("%s: nothing of one machine", (page) => {
    const text = readFileSync(join(ROOT, page), "utf8");
    expect(text.match(/\/(home|Users|root)\/[a-z]\w*/g) ?? []).toEqual([]);
  });
});
