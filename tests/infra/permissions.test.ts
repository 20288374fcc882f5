import { beforeAll, describe, expect, it } from "@jest/globals";
import { STAGE } from "../../local/rehearsal/stage.ts";
import { type Need, needsOf } from "./needed-permissions.ts";
import { type Observed, observeEverything } from "./observed-calls.ts";
import { covers, type Grant, listGrants } from "./role-statements.ts";

const ACCOUNT = "123456789012";
const [HOME, WATCH] = ["us-east-1", "us-west-2"];
const GRANTS = listGrants(STAGE, { home: HOME, watch: WATCH }, ACCOUNT);

/** Permissions that no rehearsal uses, each with the reason why the role has it all the same. */
const UNUSED: Record<string, string> = {};

let observed: Observed[] = [];
beforeAll(async () => {
  observed = await observeEverything();
}, 180_000);

describe("what a rehearsal calls, the roles allow", () => {
  it("every call is on the list of its function", () => {
    expect(observed.length).toBeGreaterThan(300);
    const denied = observed.flatMap(({ call }) =>
      needsOf(call, ACCOUNT)
        .filter((need) => !grantsOf(call.caller).some((grant) => covers(grant, need)))
        .map((need) => `${call.caller} may not ${need.action} on ${generic(need.resource)}`),
    );
    expect([...new Set(denied)].sort()).toEqual([]);
  });

  it("what only our own may be changed by, was our own when it was changed", () => {
    const denied = observed.flatMap(({ call, ours }) =>
      needsOf(call, ACCOUNT)
        .filter((need) => !isAllowedByTag(call.caller, need, ours))
        .map((need) => `${call.caller} may ${need.action} only what carries our tag, not ${need.resource}`),
    );
    expect([...new Set(denied)].sort()).toEqual([]);
  });

  it("what may only be made with our tag, is made with it", () => {
    const untagged = observed.flatMap(({ call, untagged }) =>
      untagged.map((one) => `${call.operation}: ${one}`),
    );
    expect(untagged).toEqual([]);
  });
});

describe("what the roles allow, a rehearsal calls", () => {
  it("no permission is left over", () => {
    const used = new Set<Grant>();
    for (const { call } of observed) {
      for (const need of needsOf(call, ACCOUNT))
        for (const grant of grantsOf(call.caller)) if (covers(grant, need)) used.add(grant);
    }
    const idle = GRANTS.filter((grant) => !used.has(grant)).map(
      ({ functionName, action, resource }) => `${functionName} ${action} ${resource}`,
    );
    expect(idle.sort()).toEqual(Object.keys(UNUSED).sort());
  });
});

describe("the monitor leans on nothing that it watches", () => {
  const ofMonitor = () =>
    observed.filter(({ call }) => call.caller.startsWith(`nightshift-${STAGE}-monitor-`));

  it("it calls no other region than its own, but to ask how executions at home went", () => {
    const elsewhere = ofMonitor()
      .filter(({ call }) => call.region !== WATCH)
      .map(({ call }) => `${call.caller} ${call.service}:${call.operation} ${call.region}`);
    expect([...new Set(elsewhere)]).toEqual([
      `nightshift-${STAGE}-monitor-run-checks states:ListExecutions ${HOME}`,
    ]);
  });

  it("it sends no mail, and may send none", () => {
    expect(new Set(ofMonitor().map(({ call }) => call.service))).toEqual(
      new Set(["dynamodb", "s3", "ssm", "states", "sts"]),
    );
    const actions = GRANTS.filter(({ functionName }) => functionName.includes("-monitor-"));
    expect(actions.filter(({ action }) => action.startsWith("ses:"))).toEqual([]);
  });

  it.each([
    ["monitor/heartbeat-secret", ["receive-heartbeat"]],
    [
      "twilio/auth-token",
      ["receive-delivery", "receive-keypress", "receive-sms", "run-checks", "tell-contact"],
    ],
  ])("the secret %s is read by whom it concerns, and by nobody else", (name, readers) => {
    const resource = `arn:aws:ssm:${WATCH}:${ACCOUNT}:parameter/nightshift/${STAGE}/${name}`;
    const may = GRANTS.filter((grant) => covers(grant, { action: grant.action, resource }))
      .filter(({ action }) => action.startsWith("ssm:Get"))
      .map(({ functionName }) => functionName.replace(`nightshift-${STAGE}-monitor-`, ""));
    expect([...new Set(may)].sort()).toEqual(readers);
  });
});

describe("keys to the hosts", () => {
  const readersOf = (region: string, name: string) => {
    const resource = `arn:aws:ssm:${region}:${ACCOUNT}:parameter/nightshift/ssh/${name}`;
    const may = GRANTS.filter((grant) => covers(grant, { action: grant.action, resource }))
      .filter(({ action }) => action.startsWith("ssm:Get"))
      .map(({ functionName }) => functionName.replace(`nightshift-${STAGE}-`, ""));
    return [...new Set(may)].sort();
  };

  it("the one that looks for updates is read by the function that does", () => {
    expect(readersOf(HOME, "updates")).toEqual(["updates-check-host"]);
  });

  it("the one that changes pipes is read by the functions that do", () => {
    expect(readersOf(HOME, "tunnels")).toEqual(
      ["close-second-door", "open-second-door", "point-client", "switch-first-door"].map(
        (name) => `tunnels-${name}`,
      ),
    );
  });

  it("the monitor reads those of its own region only", () => {
    expect(readersOf(WATCH, "canary")).toEqual(["monitor-run-checks"]);
  });
});

function grantsOf(functionName: string): Grant[] {
  return GRANTS.filter((grant) => grant.functionName === functionName);
}

/** Whether some grant that covers the need has no condition on the resource's tag, or the tag is there. */
function isAllowedByTag(functionName: string, need: Need, ours: readonly string[]): boolean {
  const covering = grantsOf(functionName).filter((grant) => covers(grant, need));
  const asksForTag = ({ condition }: Grant) =>
    Object.keys(condition?.StringEquals ?? {}).some((key) => key.startsWith("aws:ResourceTag/"));
  // The snapshots that go with a deregistered image carry the image's own tags, and are not named in the call.
  const goesWithAnother = need.resource.endsWith("/new");
  const name = need.resource.split("/").at(-1) ?? "";
  return (
    covering.length === 0 ||
    goesWithAnother ||
    covering.some((one) => !asksForTag(one) || ours.includes(name))
  );
}

/** An ARN without the id at its end, so that one finding stands for all its kind. */
function generic(resource: string): string {
  return resource.replace(/\/(ami|i|sg|snap|vol)-[0-9a-f]{17}$/, "/$1-*");
}
