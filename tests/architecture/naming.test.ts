import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { listMachines } from "../../infra/compile.ts";
import {
  deployedName,
  type FunctionName,
  functionOfResource,
  listFunctions,
  nameFunction,
} from "../../infra/function-name.ts";
import { readPatterns } from "../../infra/pattern.ts";
import { readSchedules } from "../../infra/schedule.ts";
import { lambdaId } from "../../infra/state-machine.ts";
import { allStates, readDefinition, type State } from "../../local/engine/definition.ts";
import { listFiles, ROOT } from "./source-files.ts";

const FUNCTIONS = listFunctions(ROOT);
const MACHINES = listMachines(ROOT);

interface Task {
  readonly machine: string;
  readonly name: string;
  readonly state: State;
}

const TASKS: Task[] = MACHINES.flatMap((machine) =>
  allStates(readDefinition(ROOT, machine))
    .filter(({ state }) => state.Type === "Task")
    .map(({ name, state }) => ({ machine, name, state })),
);

/** Functions that no machine, event or schedule starts and that have no URL, each with the reason. */
const UNUSED: Record<string, string> = {
  "functions/accounts/handlers/authorize-account.ts": "the backup service calls it directly",
};

/** Logical ids of the functions that the templates give a URL. */
const WITH_URL = listFiles("infra", [".yml"]).flatMap((file) => {
  const template: { Resources: Record<string, { Type: string; Properties: Record<string, unknown> }> } =
    parse(readFileSync(join(ROOT, file), "utf8"));
  return Object.values(template.Resources)
    .filter(({ Type }) => Type === "AWS::Lambda::Url")
    .map(({ Properties }) => (Properties.TargetFunctionArn as { "Fn::GetAtt": string[] })["Fn::GetAtt"][0]);
});

describe("one derivation names everything", () => {
  it("from the file follow all other names", () => {
    expect(nameFunction("billing", "charge-account")).toEqual({
      domain: "billing",
      handler: "charge-account",
      file: "functions/billing/handlers/charge-account.ts",
      key: "billingChargeAccount",
      placeholder: "BillingChargeAccountArn",
      state: "ChargeAccount",
    });
    expect(deployedName("prod", nameFunction("billing", "charge-account"))).toBe(
      "nightshift-prod-billing-charge-account",
    );
  });

  it.each(FUNCTIONS)("$file is well named", (name) => {
    expect(name.domain).toMatch(/^[a-z]+$/);
    expect(name.handler).toMatch(/^[a-z]+(-[a-z0-9]+)+$/); // verb-noun
    // Lambda takes 64 characters (CreateFunction, FunctionName); the SDK's application id 50. Stages have up to 20.
    expect(deployedName("production", name).length).toBeLessThanOrEqual(50);
    expect(readFileSync(join(ROOT, name.file), "utf8")).toMatch(/^export const handler = lambda\(/m);
  });

  it("no two functions share a name", () => {
    for (const kind of ["key", "placeholder"] as const) {
      const names = FUNCTIONS.map((one) => one[kind]);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it("two domains may have a handler of the same name, but no machine then uses both in one state name", () => {
    for (const machine of MACHINES) {
      const states = allStates(readDefinition(ROOT, machine)).map(({ name }) => name);
      expect(new Set(states).size).toBe(states.length);
    }
  });
});

describe("every Task is a handler", () => {
  it.each(TASKS)("$machine: $name", ({ name, state }) => {
    const target = functionOfResource(state.Resource ?? "", FUNCTIONS);
    expect(target).toBeDefined();
    // A second state of the same function says when it runs: CleanUpAfterFailure, PublishImageInRegion.
    const rest = name.slice(target?.state.length);
    expect(`${target?.state}${rest}`).toBe(name);
    expect(rest).toMatch(/^$|^(In|For|After|Of|Before|To)[A-Z]/);
  });

  it("every machine is <domain>-<process>, of a domain that exists", () => {
    const domains = new Set(FUNCTIONS.map(({ domain }) => domain));
    expect(MACHINES.filter((machine) => !domains.has(machine.split("-")[0] ?? ""))).toEqual([]);
  });

  it("every handler is a state's, an event's, a schedule's or a URL's", () => {
    const targets = [...Object.values(readPatterns(ROOT)), ...Object.values(readSchedules(ROOT))];
    const called = targets.map((one) => one.function);
    const isUsed = ({ domain, handler, key, placeholder }: FunctionName) =>
      WITH_URL.includes(lambdaId(key)) ||
      TASKS.some(({ state }) => state.Resource === `\${${placeholder}}`) ||
      called.includes(`${domain}/${handler}`);
    const idle = FUNCTIONS.filter((one) => !isUsed(one)).map(({ file }) => file);
    expect(idle).toEqual(Object.keys(UNUSED));
  });
});

describe("events", () => {
  it.each(Object.entries(readPatterns(ROOT)))("pattern %s has its function and a sample", (name, pattern) => {
    expect(FUNCTIONS.map(({ domain, handler }) => `${domain}/${handler}`)).toContain(pattern.function);
    const sample = JSON.parse(readFileSync(join(ROOT, "events", "samples", `${name}.json`), "utf8"));
    expect(pattern.source).toContain(sample.source);
    expect(pattern["detail-type"]).toContain(sample["detail-type"]);
  });

  it.each(Object.entries(readSchedules(ROOT)))("schedule %s starts what exists", (_, schedule) => {
    const functions = FUNCTIONS.map(({ domain, handler }) => `${domain}/${handler}`);
    if (schedule.machine !== undefined) expect(MACHINES).toContain(schedule.machine);
    else expect(functions).toContain(schedule.function);
    expect(schedule.timeZone).toBe("UTC"); // or a day that is skipped or doubled when clocks change
  });

  it("schedules.yml is the only file with times of day", () => {
    const others = [
      ...listFiles("infra", [".yml"]),
      ...listFiles("events/patterns", [".yml"]),
      "serverless.yml",
      "serverless.watch.yml",
    ];
    const withTimes = others.filter((file) => /\b(cron|rate)\(/.test(readFileSync(join(ROOT, file), "utf8")));
    expect(withTimes).toEqual([]);
  });
});

describe("names of files", () => {
  it("one word per thing, the field's own; kebab-case", () => {
    const vague =
      /(^|[-/])(utils?|helpers?|common|managers?|data|misc|shared)([-./]|$)|\/(types|constants)\.ts$/;
    const files = ["functions", "layers", "infra", "local", "cli", "tests"].flatMap((one) => listFiles(one));
    expect(files.filter((file) => vague.test(file))).toEqual([]);
    const odd = /^[a-z0-9]+([.-][a-z0-9]+)*$/;
    expect(files.filter((file) => !file.split("/").every((part) => odd.test(part)))).toEqual([]);
  });

  it("every domain has the files that its layout promises", () => {
    for (const domain of new Set(FUNCTIONS.map((one) => one.domain))) {
      for (const file of ["ports.ts", "failures.ts", "functions.yml"]) {
        expect([`${domain}/${file}`, existsSync(join(ROOT, "functions", domain, file))]).toEqual([
          `${domain}/${file}`,
          true,
        ]);
      }
    }
  });

  it.each([
    ["serverless.yml", "nightshift"],
    ["serverless.watch.yml", "nightshift-watch"],
  ])("%s is an index: every file that it includes exists or is made by packaging", (file, service) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    expect(parse(text).service).toBe(service);
    const included = [...text.matchAll(/\$\{file\(([^)]+)\)/g)].map((match) => match[1] ?? "");
    expect(included.filter((file) => !file.startsWith(".build/") && !existsSync(join(ROOT, file)))).toEqual(
      [],
    );
  });

  it("a test's path is its subject's", () => {
    const tests = listFiles("tests", [".test.ts"]).filter((file) =>
      /^tests\/(functions|layers|infra|local|cli)\//.test(file),
    );
    const folders = tests.map((file) => dirOf(file.slice("tests/".length)));
    const homeless = folders.filter((folder) => !existsSync(join(ROOT, folder)));
    expect([...new Set(homeless)]).toEqual([]);
  });
});

function dirOf(file: string): string {
  return file.split("/").slice(0, -1).join("/");
}
