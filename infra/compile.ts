import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deployedName, type FunctionName, listFunctions } from "./function-name.ts";
import { type FunctionEntry, readFunctionsFile } from "./functions-file.ts";
import { patternResources, readPatterns } from "./pattern.ts";
import { type Place, placeOfDomain, placeOfMachine } from "./place.ts";
import { roleOf } from "./role.ts";
import { readSchedules, scheduleResources } from "./schedule.ts";
import { lambdaId, machineResources } from "./state-machine.ts";

/** What serverless.yml includes from `.build/home/`, and serverless.watch.yml from `.build/watch/`. */
export interface Compiled {
  readonly functions: Record<string, object>;
  readonly resources: { readonly Resources: Record<string, object> };
}

/**
 * Makes the repetitive part of a place's stack of what stands once elsewhere: functions and roles of functions.yml, state
 * machines of state-machines/, schedules and patterns of events/.
 * @throws Error when a function has no entry, or an entry no function, or a machine calls what is in another place
 */
export function compileStack(root: string, stage: string, place: Place): Compiled {
  const names = functionsOf(root, place);
  const entries = entriesOf(root, names);
  const functions = names.map((name) => [
    name.key,
    functionEntry(name, stage, entries.get(name.file)?.timeoutSeconds),
  ]);
  const roles = names.map((name) => [
    roleId(name),
    roleOf(deployedName(stage, name), entries.get(name.file)?.permissions ?? [], stage),
  ]);
  const machines = machinesOf(root, place).flatMap((machine) => {
    const asl = readFileSync(join(root, "state-machines", `${machine}.asl.json`), "utf8");
    return Object.entries(machineResources(machine, asl, names, stage));
  });
  return {
    functions: Object.fromEntries(functions),
    resources: {
      Resources: {
        ...Object.fromEntries(roles),
        ...Object.fromEntries(machines),
        ...scheduleResources(readSchedules(root), stage, place),
        ...patternResources(readPatterns(root), stage, place),
      },
    },
  };
}

/** Writes what compileStack makes into `.build/<place>/`, as JSON, which is YAML. */
export function writeStack(root: string, stage: string, place: Place): void {
  const { functions, resources } = compileStack(root, stage, place);
  const folder = join(root, ".build", place);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "functions.json"), JSON.stringify(functions, null, 2));
  writeFileSync(join(folder, "resources.json"), JSON.stringify(resources, null, 2));
}

/** The functions that are deployed in a place. */
export function functionsOf(root: string, place: Place): FunctionName[] {
  return listFunctions(root).filter(({ domain }) => placeOfDomain(domain) === place);
}

/** Names of the state machines that are deployed in a place. */
export function machinesOf(root: string, place: Place): string[] {
  return listMachines(root).filter((machine) => placeOfMachine(machine) === place);
}

/** Names of the state machines, from their files. */
export function listMachines(root: string): string[] {
  const files = readdirSync(join(root, "state-machines")).filter((file) => file.endsWith(".asl.json"));
  return files.map((file) => file.replace(/\.asl\.json$/, "")).sort();
}

/** What functions.yml says of each function, by the function's file. */
export function entriesOf(root: string, names: readonly FunctionName[]): Map<string, FunctionEntry> {
  const found = new Map<string, FunctionEntry>();
  for (const domain of new Set(names.map((name) => name.domain))) {
    const entries = readFunctionsFile(root, domain);
    const handlers = names.filter((name) => name.domain === domain);
    for (const name of handlers) {
      const entry = entries[name.handler];
      if (entry === undefined)
        throw new Error(`functions/${domain}/functions.yml: no entry for ${name.handler}`);
      found.set(name.file, entry);
    }
    const strays = Object.keys(entries).filter((entry) => !handlers.some(({ handler }) => handler === entry));
    if (strays.length > 0)
      throw new Error(`functions/${domain}/functions.yml: no handler for ${strays.join(", ")}`);
  }
  return found;
}

function functionEntry(name: FunctionName, stage: string, timeoutSeconds: number | undefined): object {
  const bundle = `.build/functions/${name.domain}/${name.handler}`;
  return {
    name: deployedName(stage, name),
    handler: `${bundle}/index.handler`,
    role: roleId(name),
    layers: [{ Ref: "PlatformLambdaLayer" }],
    package: { patterns: [`${bundle}/**`] },
    ...(timeoutSeconds === undefined ? {} : { timeout: timeoutSeconds }),
  };
}

function roleId(name: FunctionName): string {
  return lambdaId(name.key).replace(/LambdaFunction$/, "Role");
}
