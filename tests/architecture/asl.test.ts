import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import validate from "asl-validator";
import { parse } from "yaml";
import { entriesOf, listMachines } from "../../infra/compile.ts";
import { functionOfResource, listFunctions } from "../../infra/function-name.ts";
import {
  allStates,
  type Definition,
  reachableStates,
  readDefinition,
  type State,
  statesThatLeadToCleanUp,
} from "../../local/engine/definition.ts";
import { ROOT } from "./source-files.ts";

const FUNCTIONS = listFunctions(ROOT);
const MACHINES = listMachines(ROOT);
const ENTRIES = entriesOf(ROOT, FUNCTIONS);

/** What Lambda itself answers when it, and not the function, is in trouble (Step Functions guide, best practices). */
const LAMBDA_TROUBLE = [
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
];

/** Tasks without a Catch of their own or around them, each with the reason. */
const UNCAUGHT: Record<string, string> = {
  "accounts-delete DeleteAccount": "it is one write; the run fails by the name of the refusal",
  "accounts-open OpenAccount": "it is one write; the run fails and its alarm tells",
  "accounts-open SendNotice": "mail is what failed, so only the alarm can tell",
  "accounts-park ParkAccount": "it is one write; the run fails and its alarm tells",
  "ami-reap ListRegions": "nothing was made; the run fails and its alarm tells",
  "ami-reap ComposeReaperReport": "what was removed is gone; the run fails and its alarm tells",
  "ami-reap SendMessage": "mail is what failed, so only the alarm can tell",
  "billing-audit AuditAccounts": "it only looks; the run fails and its alarm tells",
  "billing-audit ComposeAudit": "it only looks; the run fails and its alarm tells",
  "billing-credit CreditAccounts": "who was credited is on record; the run fails, and is repeated as it is",
  "billing-entry PostEntry": "it is one write; the run fails by the name of the refusal",
  "billing-entry SendNotice": "mail is what failed, so only the alarm can tell",
  "billing-nightly CloseDay": "the day stays open, and the next night comes back to it; the alarm tells",
  "billing-nightly CloseDayAfterLostReport": "as above",
  "billing-nightly ComposeNightReportOfHeldDay": "the day waits as it is; the alarm tells",
  "billing-nightly SendNoticeOfHeldDay": "mail is what failed, so only the alarm can tell",
  "billing-nightly ComposeFailure": "the run has failed already; the alarm tells",
  "billing-nightly SendNoticeAfterFailure": "mail is what failed, so only the alarm can tell",
  "monitor-acknowledge AcknowledgeIncident": "it is one write; the run fails and its alarm tells",
  "monitor-escalate DecideStep": "the run fails by name, and its alarm goes past Twilio",
  "monitor-escalate RecordFailure": "as above: what cannot be put on record cannot be decided upon",
  "mail-lift LiftSuppression": "it is one write; the run fails and its alarm tells",
  "updates-check PlanCheck": "nothing was begun; the run fails and its alarm tells",
  "updates-check ComposeReport":
    "the records stay, and the next check finds what is new in them; the alarm tells",
  "updates-check SettleReports":
    "what is carried out is so once more by the next check, which changes nothing; the alarm tells",
};

/** Tasks of ami-build whose failure leads past clean-up, each with the reason. */
const PAST_CLEAN_UP: Record<string, string> = {
  ValidateBuild: "nothing was made",
  ClaimBuild: "nothing was made; the claim belongs to whoever holds it, and lapses",
  CleanUp: "it is the clean-up that failed; the reaper follows",
  ComposeReport: "everything was cleaned up before",
  SendMessage: "everything was cleaned up before",
  CleanUpAfterFailure: "it is the clean-up that failed; the reaper follows",
  ComposeFailureReport: "everything was cleaned up before",
  SendMessageAfterFailure: "everything was cleaned up before",
};

describe.each(MACHINES)("%s", (machine) => {
  const definition = readDefinition(ROOT, machine);
  const states = allStates(definition);
  const tasks = states.filter(({ state }) => state.Type === "Task");

  it("is valid Amazon States Language", () => {
    // The validator wants ARNs for placeholders, and changes what it is given.
    const arn = "arn:aws:lambda:us-east-1:123456789012:function:x";
    const clone = JSON.parse(JSON.stringify(definition).replaceAll(/"\$\{\w+Arn\}"/g, `"${arn}"`));
    const { isValid, errorsText } = validate(clone);
    expect(isValid ? "" : errorsText("\n")).toBe("");
  });

  it("says what it is for, and has a deadline", () => {
    expect(definition).toMatchObject({ Comment: expect.stringMatching(/\w+ \w+/) });
    expect(definition.TimeoutSeconds).toBeGreaterThan(0);
  });

  it("stays below the size that one can read, and names each state once", () => {
    expect(states.length).toBeLessThanOrEqual(60);
    expect(new Set(states.map(({ name }) => name)).size).toBe(states.length);
    expect(states.filter(({ name }) => !/^[A-Z][A-Za-z0-9]{1,79}$/.test(name))).toEqual([]);
  });

  it("reaches every state, and leads only to states that exist", () => {
    for (const level of levelsOf(definition)) {
      expect([...reachableStates(level, level.StartAt)].sort()).toEqual(Object.keys(level.States).sort());
      const targets = Object.values(level.States).flatMap((state) => nextOf(state));
      expect(targets.filter((target) => !(target in level.States))).toEqual([]);
    }
  });

  it("every Choice decides every case", () => {
    const open = states.filter(({ state }) => state.Type === "Choice" && state.Default === undefined);
    expect(open.map(({ name }) => name)).toEqual([]); // or States.NoChoiceMatched, which nothing catches
  });

  it("waits in every loop", () => {
    for (const level of levelsOf(definition)) expect(loopsWithoutWait(level)).toEqual([]);
  });

  it("is JSONPath, in the subset that both engines run", () => {
    const text = JSON.stringify(definition);
    const beyond =
      /"(QueryLanguage|Assign|Arguments|Output|ItemReader|ItemBatcher|ResultWriter|HeartbeatSeconds)"/;
    expect(text.match(beyond)?.[0]).toBeUndefined();
    expect(text).not.toMatch(/\{%|waitForTaskToken|\$\$\.Task|\$\$\.State\b|"Mode":"DISTRIBUTED"/);
    const kinds = new Set(states.map(({ state }) => state.Type));
    const known = ["Task", "Choice", "Wait", "Parallel", "Map", "Pass", "Succeed", "Fail"];
    expect([...kinds].filter((kind) => !known.includes(kind))).toEqual([]);
  });

  it("integrates with nothing but our own functions", () => {
    const foreign = tasks.filter(
      ({ state }) => functionOfResource(state.Resource ?? "", FUNCTIONS) === undefined,
    );
    expect(foreign.map(({ name, state }) => `${name}: ${state.Resource}`)).toEqual([]);
  });

  it("its Maps are inline and bounded", () => {
    for (const { name, state } of states.filter((one) => one.state.Type === "Map")) {
      const { MaxConcurrency, ItemProcessor } = state as State & { MaxConcurrency?: number };
      expect([name, MaxConcurrency]).toEqual([name, expect.any(Number)]);
      // Beyond 40 iterations at once, inline Maps queue (Step Functions quotas); 0 would be without a bound.
      expect(MaxConcurrency).toBeGreaterThanOrEqual(1);
      expect(MaxConcurrency).toBeLessThanOrEqual(40);
      expect(ItemProcessor).toMatchObject({ ProcessorConfig: { Mode: "INLINE" } });
    }
  });

  it("every way to fail has a name", () => {
    for (const { name, state } of states.filter((one) => one.state.Type === "Fail")) {
      const { Error: error, ErrorPath, CausePath } = state as State & Record<string, string>;
      expect([name, error ?? ErrorPath, CausePath]).toEqual([name, expect.any(String), expect.any(String)]);
    }
  });

  describe.each(tasks)("$name", ({ name, state, map }) => {
    it("ends in time, and not before its function does", () => {
      const { timeout } = parse(readFileSync(join(ROOT, "serverless.yml"), "utf8")).provider;
      const { file = "" } = functionOfResource(state.Resource ?? "", FUNCTIONS) ?? {};
      expect(state.TimeoutSeconds).toBeGreaterThan(ENTRIES.get(file)?.timeoutSeconds ?? timeout);
      expect(state.TimeoutSeconds).toBeLessThanOrEqual(900); // Lambda's own bound
    });

    it("is tried again when it is worth it", () => {
      const retriers = state.Retry ?? [];
      const transient = retriers.find(({ ErrorEquals }) => ErrorEquals.includes("TransientError"));
      expect(transient?.ErrorEquals).toEqual(["TransientError", ...LAMBDA_TROUBLE]);
      for (const retrier of retriers) {
        expect(retrier).toMatchObject({
          IntervalSeconds: expect.any(Number),
          MaxAttempts: expect.any(Number),
        });
        // A bug or a refusal must not be tried six times before anybody hears of it.
        expect(retrier.ErrorEquals).not.toContain("States.ALL");
        expect(retrier.ErrorEquals).not.toContain("States.TaskFailed");
      }
      const named = retriers.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(new Set(named).size).toBe(named.length); // the first retrier that matches decides
    });

    it("its failure is caught, here or around its Map", () => {
      const around = map === undefined ? undefined : definition.States[map];
      const isCaught = [state, around].some((one) => catchesAll(one));
      expect(isCaught).toBe(UNCAUGHT[`${machine} ${name}`] === undefined);
    });

    it("what it is told is chosen, not everything that the run knows", () => {
      expect(state).toHaveProperty("Parameters");
    });
  });
});

describe("ami-build", () => {
  it("whatever may have made something leads to clean-up when it fails", () => {
    const definition = readDefinition(ROOT, "ami-build");
    const leads = statesThatLeadToCleanUp(definition);
    const past = allStates(definition)
      .filter(({ name, state }) => state.Type === "Task" && !leads.has(name))
      .map(({ name }) => name);
    expect(past.sort()).toEqual(Object.keys(PAST_CLEAN_UP).sort());
  });

  it("has no other uncaught task than those listed", () => {
    const known = Object.keys(UNCAUGHT);
    const all = MACHINES.flatMap((machine) =>
      allStates(readDefinition(ROOT, machine)).map(({ name }) => `${machine} ${name}`),
    );
    expect(known.filter((one) => !all.includes(one))).toEqual([]);
  });
});

describe("the checks find what they are about", () => {
  const wait: State = { Type: "Wait", Seconds: 1, Next: "Look" };

  it("a loop without a wait", () => {
    const look: State = { Type: "Task", Next: "Done" };
    const done: State = { Type: "Choice", Choices: [], Default: "Look" };
    expect(loopsWithoutWait({ StartAt: "Look", States: { Look: look, Done: done } })).toEqual([
      "Look",
      "Done",
    ]);
  });

  it("and none in a loop with one", () => {
    const look: State = { Type: "Task", Next: "Done" };
    const done: State = { Type: "Choice", Choices: [], Default: "Wait" };
    expect(loopsWithoutWait({ StartAt: "Look", States: { Look: look, Done: done, Wait: wait } })).toEqual([]);
  });
});

/** The machine and the inside of each of its Maps, each of which has transitions of its own. */
function levelsOf(definition: Definition): Definition[] {
  const inner = Object.values(definition.States).flatMap(({ ItemProcessor, Branches }) => [
    ...(ItemProcessor === undefined ? [] : [ItemProcessor]),
    ...(Branches ?? []),
  ]);
  return [definition, ...inner.flatMap((one) => levelsOf(one))];
}

function nextOf(state: State): string[] {
  const choices = (state.Choices ?? []).map((choice) => choice.Next);
  const catches = (state.Catch ?? []).map((catcher) => catcher.Next);
  return [state.Next, state.Default, ...choices, ...catches].filter((next) => next !== undefined);
}

/** States that can be reached from themselves without waiting. */
function loopsWithoutWait({ StartAt, States }: Definition): string[] {
  const busy = Object.fromEntries(Object.entries(States).filter(([, state]) => state.Type !== "Wait"));
  const level = { StartAt, States: busy };
  return Object.entries(busy)
    .filter(([name, state]) => nextOf(state).some((next) => reachableStates(level, next).has(name)))
    .map(([name]) => name);
}

function catchesAll(state: State | undefined): boolean {
  return (state?.Catch ?? []).some(({ ErrorEquals }) => ErrorEquals.includes("States.ALL"));
}
