import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * A function, and every name it goes by. All follow from its file, `functions/<domain>/handlers/<verb-noun>.ts`, so
 * that whoever sees one of them can type the others.
 */
export interface FunctionName {
  readonly domain: string; // "ami"
  readonly handler: string; // "launch-builder"
  /** Path of its file from the root of the project. */
  readonly file: string;
  /** Key in functions.yml: "amiLaunchBuilder". */
  readonly key: string;
  /** Placeholder in state machines: "AmiLaunchBuilderArn". */
  readonly placeholder: string;
  /** The state that it is the Task of, or the first part of that state's name: "LaunchBuilder". */
  readonly state: string;
}

/** The names of a function. */
export function nameFunction(domain: string, handler: string): FunctionName {
  const state = pascal(handler);
  return {
    domain,
    handler,
    file: `functions/${domain}/handlers/${handler}.ts`,
    key: `${domain}${state}`,
    placeholder: `${pascal(domain)}${state}Arn`,
    state,
  };
}

/** Its name on AWS, and in the log group `/aws/lambda/…`: "nightshift-prod-ami-launch-builder". */
export function deployedName(stage: string, name: FunctionName): string {
  return `nightshift-${stage}-${name.domain}-${name.handler}`;
}

/** Every function of the project, sorted by file. */
export function listFunctions(root: string): FunctionName[] {
  const domains = readdirSync(join(root, "functions"), { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  );
  return domains
    .flatMap(({ name: domain }) => {
      const folder = join(root, "functions", domain, "handlers");
      const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".ts")) : [];
      return files.map((file) => nameFunction(domain, file.replace(/\.ts$/, "")));
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** The function that a Task's Resource, `${AmiLaunchBuilderArn}`, stands for. */
export function functionOfResource(
  resource: string,
  functions: readonly FunctionName[],
): FunctionName | undefined {
  const placeholder = /^\$\{(\w+)\}$/.exec(resource)?.[1];
  return functions.find((one) => one.placeholder === placeholder);
}

function pascal(kebab: string): string {
  return kebab.replaceAll(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
}
