import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { compileStack, entriesOf, functionsOf, listMachines } from "../../infra/compile.ts";
import { functionOfResource, listFunctions } from "../../infra/function-name.ts";
import { PLACES, placeOfMachine } from "../../infra/place.ts";
import { lambdaId, machineId } from "../../infra/state-machine.ts";
import { copyWithWatch } from "./project-copy.ts";
import { ourTemplate, referencesIn, resourcesOfType, statementsOf } from "./stack-template.ts";

const COPY = copyWithWatch();
afterAll(() => COPY.remove());
const ROOT = COPY.root;
const STAGE = "prod";
const FUNCTIONS = listFunctions(ROOT);
const MACHINES = listMachines(ROOT);

describe.each(PLACES)("functions of %s", (place) => {
  const { functions } = compileStack(ROOT, STAGE, place) as {
    functions: Record<
      string,
      { name: string; role: string; handler: string; timeout?: number; package: { patterns: string[] } }
    >;
  };

  it("each has a role of its own, which exists", () => {
    const roles = Object.values(functions).map(({ role }) => role);
    expect(Object.keys(functions)).toEqual(functionsOf(ROOT, place).map(({ key }) => key));
    expect(new Set(roles).size).toBe(roles.length);
    const { Resources } = ourTemplate(ROOT, STAGE, place);
    expect(roles.filter((role) => Resources[role]?.Type !== "AWS::IAM::Role")).toEqual([]);
  });

  it("each has the time that functions.yml says, and otherwise what all have", () => {
    const entries = entriesOf(ROOT, functionsOf(ROOT, place));
    for (const { key, file } of functionsOf(ROOT, place))
      expect([key, functions[key]?.timeout]).toEqual([key, entries.get(file)?.timeoutSeconds]);
    const longer = Object.entries(functions).filter(([, { timeout }]) => timeout !== undefined);
    expect(longer.map(([key, { timeout }]) => `${key} ${timeout}`)).toEqual(
      { home: ["updatesCheckHost 300"], watch: ["monitorRunChecks 120"] }[place],
    );
  });

  it("each zip holds its own bundle and nothing else", () => {
    for (const { handler, package: zip } of Object.values(functions)) {
      expect(zip.patterns).toEqual([handler.replace(/index\.handler$/, "**")]);
    }
  });
});

describe("what both stacks share", () => {
  const [home, watch] = ["serverless.yml", "serverless.watch.yml"].map((file) =>
    parse(readFileSync(join(ROOT, file), "utf8")),
  );

  it("stands in serverless.yml only", () => {
    for (const part of ["provider", "package", "layers"])
      expect(watch[part]).toBe(`\${file(serverless.yml):${part}}`);
    expect(Object.keys(watch).sort()).toEqual(Object.keys(home).sort());
  });

  it("each zip holds what its patterns say and nothing else", () => {
    expect(home.package).toEqual({ individually: true, excludeDevDependencies: false, patterns: ["!**"] });
  });

  it("end in time, keep their logs for a while, and run where they were tested", () => {
    expect(home.provider.timeout).toBeLessThan(120); // the tasks' timeout, so that the function's own end comes first
    expect(home.provider.logRetentionInDays).toBe(90);
    expect(home.provider.runtime).toBe("nodejs24.x");
    expect(home.provider.architecture).toBe("arm64");
  });
});

describe("state machines", () => {
  const templateOf = (machine: string) => ourTemplate(ROOT, STAGE, placeOfMachine(machine));

  it.each(MACHINES)("%s may call exactly the functions of its tasks", (machine) => {
    const asl = readFileSync(join(ROOT, "state-machines", `${machine}.asl.json`), "utf8");
    const used = [...new Set(asl.match(/\$\{\w+\}/g))].map((one) => functionOfResource(one, FUNCTIONS));
    const role = templateOf(machine).Resources[`${machineId(machine)}Role`];
    const invoke = role && statementsOf(role).find(({ Action }) => Action.includes("lambda:InvokeFunction"));
    expect(invoke?.Action).toEqual(["lambda:InvokeFunction"]);
    expect(invoke?.Resource).toEqual(
      used.map((one) => ({ "Fn::GetAtt": [lambdaId(one?.key ?? ""), "Arn"] })),
    );
  });

  it.each(MACHINES)("%s has every placeholder of its definition filled in", (machine) => {
    const { Properties } = templateOf(machine).Resources[`${machineId(machine)}StateMachine`] ?? {};
    const placeholders = String(Properties?.DefinitionString).match(/\$\{(\w+)\}/g) ?? [];
    const names = [...new Set(placeholders)].map((one) => one.slice(2, -1)).sort();
    expect(Object.keys(Properties?.DefinitionSubstitutions ?? {}).sort()).toEqual(names);
  });

  it.each(MACHINES.flatMap((machine) => ["Failed", "TimedOut", "Aborted"].map((end) => ({ machine, end }))))(
    "$machine: a run that ends as $end raises an alarm",
    ({ machine, end }) => {
      const id = machineId(machine);
      expect(templateOf(machine).Resources[`${id}${end}Alarm`]?.Properties).toMatchObject({
        Namespace: "AWS/States",
        MetricName: `Executions${end}`,
        Dimensions: [{ Name: "StateMachineArn", Value: { Ref: `${id}StateMachine` } }],
        Statistic: "Sum",
        Threshold: 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        TreatMissingData: "notBreaching",
        AlarmActions: [{ Ref: "AlarmTopic" }],
      });
    },
  );
});

describe("two stacks", () => {
  const home = ourTemplate(ROOT, STAGE, "home");
  const watch = ourTemplate(ROOT, STAGE, "watch");

  it.each(PLACES)("%s refers to nothing that it does not hold", (place) => {
    const template = ourTemplate(ROOT, STAGE, place);
    const functions = functionsOf(ROOT, place).map(({ key }) => lambdaId(key));
    const held = new Set([...Object.keys(template.Resources), ...functions]);
    const { Resources, Outputs } = template;
    expect([...new Set(referencesIn({ Resources, Outputs }))].filter((id) => !held.has(id))).toEqual([]);
  });

  it("together hold every function and machine, each once", () => {
    const keys = PLACES.flatMap((place) => Object.keys(compileStack(ROOT, STAGE, place).functions));
    expect(keys.sort()).toEqual(FUNCTIONS.map(({ key }) => key).sort());
    const machines = [home, watch].flatMap((one) => resourcesOfType(one, "AWS::StepFunctions::StateMachine"));
    expect(machines.map(({ id }) => id).sort()).toEqual(
      MACHINES.map((machine) => `${machineId(machine)}StateMachine`).sort(),
    );
  });

  it.each([
    ["AWS::IAM::Role", "RoleName"],
    ["AWS::S3::Bucket", "BucketName"],
  ])("share no name of what an account has in all regions: %s", (type, property) => {
    const names = [home, watch].flatMap((one) =>
      resourcesOfType(one, type).map(({ resource }) => JSON.stringify(resource.Properties[property])),
    );
    expect(names.length).toBeGreaterThan(1);
    expect(new Set(names).size).toBe(names.length);
  });

  it("each has a topic for its alarms, and no alarm without it", () => {
    for (const template of [home, watch]) {
      expect(template.Resources.AlarmTopic?.Type).toBe("AWS::SNS::Topic");
      const alarms = resourcesOfType(template, "AWS::CloudWatch::Alarm");
      const actions = alarms.map(({ resource }) => resource.Properties.AlarmActions);
      expect(actions).toEqual(alarms.map(() => [{ Ref: "AlarmTopic" }]));
    }
  });

  it("a machine cannot call a function of the other region", () => {
    const machine = {
      StartAt: "SendMessage",
      States: { SendMessage: { Resource: "$" + "{MailSendMessageArn}" } },
    };
    const file = join(ROOT, "state-machines", "monitor-mail.asl.json");
    writeFileSync(file, JSON.stringify(machine));
    try {
      expect(() => compileStack(ROOT, STAGE, "watch")).toThrow(
        /monitor-mail\.asl\.json: no function for .*MailSendMessageArn.* in the machine's region/,
      );
    } finally {
      rmSync(file);
    }
  });
});
