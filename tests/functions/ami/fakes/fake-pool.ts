import type { Builder, BuilderPool, NewBuilder } from "../../../../functions/ami/ports.ts";
import type { Tags } from "../../../../functions/ami/tags.ts";
import { carries } from "./fake-images.ts";

/** Builders in memory. */
export interface FakePool extends BuilderPool {
  put(builder: Partial<Builder> & { readonly id: string }): Builder;
  putVolume(id: string, tags: Tags): void;
  /** What was asked of every instance that was launched, in order. */
  readonly launched: NewBuilder[];
  readonly consoles: Map<string, string>;
  /** Builders that are alive, then volumes. */
  existing(): string[];
  /** Lets time pass: what is stopping is gone. */
  settle(): void;
}

/** Builders as EC2 runs them: a used token answers with the instance it made, terminating takes its time. */
export function fakePool(history: string[] = []): FakePool {
  const builders = new Map<string, Builder>();
  const volumes = new Map<string, { id: string; tags: Tags }>();
  const tokens = new Map<string, string>();
  const consoles = new Map<string, string>();
  const launched: NewBuilder[] = [];

  const put: FakePool["put"] = (builder) => {
    const whole = { state: "running" as const, address: "192.0.2.7", stateReason: "", tags: {}, ...builder };
    builders.set(whole.id, whole);
    return whole;
  };

  return {
    put,
    putVolume: (id, tags) => volumes.set(id, { id, tags }),
    launched,
    consoles,
    existing: () =>
      [...builders.values()]
        .filter(isAlive)
        .map(({ id }) => id)
        .concat(...volumes.keys()),
    settle: () => {
      for (const one of builders.values()) if (one.state === "stopping") put({ ...one, state: "gone" });
    },
    listByTags: async (tags) => [...builders.values()].filter((one) => carries(one.tags, tags)),
    find: async (id) => builders.get(id),
    launch: async (order) => {
      const known = builders.get(tokens.get(order.token) ?? "");
      if (known !== undefined) return known;
      launched.push(order);
      history.push(`launch with ${order.keyName} and ${order.securityGroupId}`);
      const id = `i-made${launched.length}`;
      tokens.set(order.token, id);
      return put({ id, state: "pending", address: undefined, tags: order.tags });
    },
    consoleOutput: async (id) => consoles.get(id) ?? "",
    terminate: async (id) => {
      const one = builders.get(id);
      history.push(`terminate ${id}`);
      if (one !== undefined) put({ ...one, state: "stopping", stateReason: "Client.UserInitiatedShutdown" });
    },
    listIdleVolumes: async (tags) => [...volumes.values()].filter((one) => carries(one.tags, tags)),
    removeVolume: async (id) => {
      volumes.delete(id);
    },
  };
}

function isAlive({ state }: Builder): boolean {
  return state === "pending" || state === "running";
}
