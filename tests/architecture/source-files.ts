import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** The project's folder. */
export const ROOT = join(import.meta.dirname, "../..");

/** One source file of ours. */
export interface SourceFile {
  /** Path from the root: "functions/ami/build.ts". */
  readonly file: string;
  readonly lines: readonly string[];
}

/** One import or export-from, dynamic ones included. */
export interface Import {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** As written: "#platform", "../build.ts", "@aws-sdk/client-ec2". */
  readonly specifier: string;
  /** Path from the root when it is a file of ours, else the specifier. */
  readonly target: string;
}

/** The TypeScript and JavaScript files under these folders, sorted. */
export function readSources(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) => listFiles(folder)).map((file) => ({ file, lines: linesOf(file) }));
}

/** Paths from the root of all files under a folder with one of these endings. A folder that is missing has none. */
export function listFiles(folder: string, endings: readonly string[] = [".ts", ".mts", ".js"]): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && endings.some((ending) => one.name.endsWith(ending)))
    .map((one) => join(one.parentPath, one.name).slice(ROOT.length + 1))
    .filter((file) => !file.includes("/golden/"))
    .sort();
}

/** What a file imports. `aliases` of package.json are resolved to the files they stand for. */
export function importsOf({ file, lines }: SourceFile, aliases: Readonly<Record<string, string>>): Import[] {
  const text = withoutComments(lines).join("\n");
  // Strings are matched as well, so that an import that somebody writes into one is passed over with it.
  const pattern =
    /\b(?:from|import)\s*\(?\s*["']([^"']+)["']|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
  return [...text.matchAll(pattern)].flatMap(({ 1: specifier, index }) => {
    if (specifier === undefined) return [];
    const line = text.slice(0, index).split("\n").length;
    return [{ file, line, specifier, target: targetOf(file, specifier, aliases) }];
  });
}

/** The same lines with comments blanked out, so that a word in prose is no finding. */
export function withoutComments(lines: readonly string[]): string[] {
  const text = lines.join("\n");
  // Strings and templates are matched first, so that "//" in a URL begins no comment.
  const pattern = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text
    .replaceAll(pattern, (match, kept: string | undefined) => kept ?? match.replaceAll(/[^\n]/g, " "))
    .split("\n");
}

/** "functions/ami/build.ts:12: const now = new Date()" for each line that matches, comments aside. */
export function findLines(sources: readonly SourceFile[], pattern: RegExp): string[] {
  return sources.flatMap(({ file, lines }) =>
    withoutComments(lines).flatMap((line, index) =>
      pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [],
    ),
  );
}

function targetOf(file: string, specifier: string, aliases: Readonly<Record<string, string>>): string {
  const alias = aliases[specifier];
  if (alias !== undefined) return normalize(alias);
  return specifier.startsWith(".") ? normalize(join(dirname(file), specifier)) : specifier;
}

function linesOf(file: string): string[] {
  return readFileSync(join(ROOT, file), "utf8").split("\n");
}
