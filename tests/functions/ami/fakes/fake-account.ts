import type { Account, Executions } from "../../../../functions/ami/ports.ts";

interface AccountFacts {
  readonly regions: string[];
  readonly allowedVcpus: number;
  readonly runningVcpus: number;
  /** Of `runningVcpus`, those of a build's own builder. */
  readonly builderVcpus: Readonly<Record<string, number>>;
  readonly types: Readonly<Record<string, { vcpus: number; memoryGib: number; arch: "amd64" | "arm64" }>>;
}

/** An account with room for the fleet's builder, and some of its facts changed. */
export function fakeAccount(changes: Partial<AccountFacts> = {}): Account {
  const facts: AccountFacts = {
    regions: ["us-east-1", "us-west-2"],
    allowedVcpus: 32,
    runningVcpus: 0,
    builderVcpus: {},
    types: { "r7i.large": { vcpus: 2, memoryGib: 16, arch: "amd64" } },
    ...changes,
  };
  return {
    enabledRegions: async () => facts.regions,
    standardVcpus: async (build) => ({
      allowed: facts.allowedVcpus,
      running: facts.runningVcpus - (facts.builderVcpus[build] ?? 0),
    }),
    instanceType: async (name) => facts.types[name],
  };
}

/** Executions of which `running` still run. `asked` is every question, in order. */
export function fakeExecutions(running: readonly string[] = []): Executions & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    isRunning: async (executionArn) => {
      asked.push(executionArn);
      return running.includes(executionArn);
    },
  };
}
