import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { aslDiagram } from "../../cli/view/asl-diagram.ts";
import { readDefinition } from "../../local/engine/definition.ts";

const root = join(import.meta.dirname, "../..");
const file = join(root, "README.md");
const MARKERS = /(<!-- diagram ami-build -->\n)[\s\S]*(<!-- \/diagram -->)/;

it("shows the process as its state machine has it (UPDATE_GOLDEN=1 rewrites the picture)", () => {
  const readme = readFileSync(file, "utf8");
  const picture = `\`\`\`mermaid\n${aslDiagram(readDefinition(root, "ami-build")).trimEnd()}\n\`\`\`\n`;
  const expected = readme.replace(MARKERS, (_, begin: string, end: string) => `${begin}${picture}${end}`);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, expected);
  else expect(readme).toBe(expected);
});
