import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import {
  findLines,
  type Import,
  importsOf,
  listFiles,
  ROOT,
  readSources,
  type SourceFile,
} from "./source-files.ts";

const ALIASES: Record<string, string> = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).imports;

const SOURCES = readSources("functions", "layers", "infra", "cli", "local", "events", "state-machines");
const IMPORTS = SOURCES.flatMap((source) => importsOf(source, ALIASES));

/** A rule about who may import whom: among the imports that `of` selects, none may be `forbidden`. */
interface Rule {
  readonly rule: string;
  readonly of: (file: string) => boolean;
  readonly forbidden: (one: Import) => boolean;
}

const RULES: Rule[] = [
  {
    rule: "what is deployed imports nothing of the rehearsal, the command or the tests",
    of: (file) => /^(functions|layers|infra)\//.test(file),
    forbidden: ({ target }) => /^(local|cli|tests)\//.test(target),
  },
  {
    rule: "the rehearsal knows no command and no test, so that others than the command can use it",
    of: (file) => file.startsWith("local/"),
    forbidden: ({ target }) => /^(cli|tests)\//.test(target),
  },
  {
    rule: "the command imports no test",
    of: (file) => file.startsWith("cli/"),
    forbidden: ({ target }) => target.startsWith("tests/"),
  },
  {
    rule: "no domain imports another: they meet in a state machine or through an event",
    of: (file) => file.startsWith("functions/"),
    forbidden: ({ file, target }) => target.startsWith("functions/") && domainOf(target) !== domainOf(file),
  },
  {
    rule: "layers know no domain",
    of: (file) => file.startsWith("layers/"),
    forbidden: ({ target }) => /^(functions|infra)\//.test(target),
  },
  {
    rule: "the platform imports nothing of ours",
    of: (file) => file.startsWith("layers/platform/"),
    forbidden: ({ target }) => isOurs(target) && !target.startsWith("layers/platform/"),
  },
  {
    rule: "layers are imported by their names, so that a bundle can leave them to the layer",
    of: (file) => file.startsWith("functions/"),
    forbidden: ({ specifier, target }) => target.startsWith("layers/") && !specifier.startsWith("#"),
  },
  {
    rule: "nobody but the engine, which calls them by their names, imports a handler",
    of: () => true,
    forbidden: ({ target }) => roleOf(target) === "handler",
  },
  {
    rule: "only handlers choose adapters; nouns, verbs and ports never see one",
    of: (file) => roleOf(file) === "core",
    forbidden: ({ target }) => roleOf(target) === "adapter",
  },
  {
    rule: "only adapters talk to AWS, to a machine or to a mail server, and the layer that is the way into hosts",
    of: (file) =>
      /^(core|handler)$/.test(roleOf(file) ?? "") ||
      (file.startsWith("layers/") && !file.startsWith("layers/hosts/")),
    forbidden: ({ specifier }) => /^(@aws-sdk\/|@smithy\/|ssh2$|nodemailer)/.test(specifier),
  },
  {
    rule: "an adapter knows ports, failures, tags and other adapters, not the use cases",
    of: (file) => roleOf(file) === "adapter",
    forbidden: ({ target }) => roleOf(target) === "core" && isUseCase(target),
  },
  {
    rule: "of the layers only spiped opens sockets, and it stands on node and the platform alone; hosts stands on it",
    of: (file) => file.startsWith("layers/"),
    forbidden: ({ file, specifier, target }) =>
      file.startsWith("layers/spiped/")
        ? !/^node:(crypto|net|stream(\/promises)?)$|^#platform$|^\.\//.test(specifier)
        : /^node:(net|tls|http|https|dgram)$/.test(specifier) ||
          (target.startsWith("layers/spiped/") && !file.startsWith("layers/hosts/")),
  },
  {
    rule: "functions import of node only what every machine has: no processes, no sockets of their own",
    of: (file) => file.startsWith("functions/") && roleOf(file) !== "adapter",
    forbidden: ({ specifier }) => specifier.startsWith("node:") && !/^node:(crypto|zlib)$/.test(specifier),
  },
];

describe("who imports whom", () => {
  it.each(RULES)("$rule", ({ of, forbidden }) => {
    const subjects = IMPORTS.filter(({ file }) => of(file));
    expect(subjects).not.toEqual([]); // a rule about nobody would hold for ever
    expect(
      subjects
        .filter((one) => forbidden(one))
        .map(({ file, line, specifier }) => `${file}:${line}: ${specifier}`),
    ).toEqual([]);
  });

  it("every import of ours names a file that exists, with its ending", () => {
    const known = new Set(["functions", "layers", "infra", "cli", "local"].flatMap((one) => listFiles(one)));
    const typings = listFiles("local", [".d.ts"]);
    const dangling = IMPORTS.filter(
      ({ target }) => isOurs(target) && !known.has(target) && !typings.includes(target),
    );
    expect(dangling.map(({ file, line, specifier }) => `${file}:${line}: ${specifier}`)).toEqual([]);
  });
});

describe("who reads the world", () => {
  const DEPLOYED = SOURCES.filter(({ file }) => /^(functions|layers|infra)\//.test(file));

  it("only layers/platform/clock.ts reads the time", () => {
    const others = DEPLOYED.filter(({ file }) => file !== "layers/platform/clock.ts");
    expect(findLines(others, /\bDate\.now\(|\bnew Date\(\s*\)|\bperformance\.|\bprocess\.hrtime/)).toEqual(
      [],
    );
  });

  it("nothing sleeps: a step waits in its state machine. Adapters may bound a connection", () => {
    // spiped's handshake has a timeout (spiped(1), -o), and so has every connection to a peer.
    const bounded = ["connect", "greet", "negotiate"].map((name) => `layers/spiped/${name}.ts`);
    const exempt = ["layers/platform/clock.ts", "layers/hosts/run-on-host.ts", ...bounded];
    const others = DEPLOYED.filter(({ file }) => !exempt.includes(file) && roleOf(file) !== "adapter");
    expect(findLines(others, /\bset(Timeout|Interval)\(|timers\/promises/)).toEqual([]);
  });

  it("only the platform touches the environment", () => {
    const others = DEPLOYED.filter(
      ({ file }) => !file.startsWith("layers/platform/") && roleOf(file) !== "handler",
    );
    expect(findLines(others, /\bprocess\.(env|argv|cwd)\b/)).toEqual([]);
  });

  it("only the log writes to the terminal", () => {
    const others = DEPLOYED.filter(({ file }) => file !== "layers/platform/log.ts");
    expect(findLines(others, /\bconsole\.|\bprocess\.std(out|err)\b/)).toEqual([]);
  });

  it("nothing deployed is random: names and tokens are derived", () => {
    // Nonces and exponents of spiped's handshake must be: they are sent or kept for one connection, and name nothing.
    // A new key must not follow from anything either.
    const random = ["layers/spiped/handshake.ts", "functions/tunnels/adapters/random-key.ts"];
    const others = DEPLOYED.filter(({ file }) => !random.includes(file));
    expect(findLines(others, /\bMath\.random|\brandomUUID|\brandomBytes|\brandomInt/)).toEqual([]);
  });

  it("nouns are pure: no file without ports is asynchronous", () => {
    const nouns = SOURCES.filter(
      ({ file }) => roleOf(file) === "core" && !isUseCase(file) && !file.endsWith("/ports.ts"),
    );
    expect(nouns.map(({ file }) => file)).toContain("functions/ami/retention.ts");
    expect(findLines(nouns, /\basync\b|\bawait\b|\bPromise\b/)).toEqual([]);
  });
});

describe("the rules see what they are about", () => {
  const sample = (file: string, ...lines: string[]): SourceFile => ({ file, lines });

  it.each([
    { form: "a static import", line: 'import { a } from "../ami/build.ts";', specifier: "../ami/build.ts" },
    { form: "a type", line: 'import type { A } from "ssh2";', specifier: "ssh2" },
    { form: "a re-export", line: 'export { a } from "./a.ts";', specifier: "./a.ts" },
    { form: "a dynamic import", line: 'const a = await import("./a.ts");', specifier: "./a.ts" },
    { form: "a side effect", line: 'import "./a.ts";', specifier: "./a.ts" },
  ])("$form counts", ({ line, specifier }) => {
    const found = importsOf(sample("functions/mail/message.ts", "", line), ALIASES);
    expect(found.map((one) => [one.line, one.specifier])).toEqual([[2, specifier]]);
  });

  it("an import over several lines counts, one in a comment or in a string does not", () => {
    const inString = `const text = 'export { c } from "./c.ts";';`;
    const lines = ["import {", "  a,", '} from "./a.ts";', '// import { b } from "./b.ts";', inString];
    expect(importsOf(sample("cli/x.ts", ...lines), ALIASES).map(({ target }) => target)).toEqual([
      "cli/a.ts",
    ]);
  });

  it("prose about the clock is no finding, a call is", () => {
    const lines = ["// Date.now() is forbidden", 'const url = "http://x"; const now = Date.now();'];
    expect(findLines([sample("functions/x.ts", ...lines)], /Date\.now\(/)).toHaveLength(1);
  });
});

function domainOf(file: string): string | undefined {
  return file.split("/")[1];
}

function isOurs(target: string): boolean {
  return /^(functions|layers|infra|cli|local|tests)\//.test(target);
}

/** The part that a file of functions/ plays, from its place. */
function roleOf(file: string): "handler" | "adapter" | "core" | undefined {
  if (!file.startsWith("functions/")) return undefined;
  if (file.includes("/handlers/")) return "handler";
  return file.includes("/adapters/") ? "adapter" : "core";
}

/** A use case is what takes ports. Everything else in the core is a noun. */
function isUseCase(file: string): boolean {
  const source = SOURCES.find((one) => one.file === file);
  if (source === undefined || file.endsWith("/ports.ts")) return false;
  return importsOf(source, ALIASES).some(
    ({ target, line }) => target.endsWith("/ports.ts") && !importsOnlyValues(source, line),
  );
}

/** Ports also declare the records that nouns are about (an image, a package): taking those makes no use case. */
function importsOnlyValues({ lines }: SourceFile, line: number): boolean {
  const names = /\{([^}]*)\}/.exec(lines[line - 1] ?? "")?.[1]?.split(",") ?? ["(on other lines)"];
  const values = ["BuildRecord", "Image", "InstalledPackage"];
  return names.every((name) => values.includes(name.replace("type ", "").trim()));
}
