/** The power has failed: whoever was under way is gone. */
export class PowerFailure extends Error {
  override readonly name = "PowerFailure";
}

/** Where a run dies: before or after one of its calls. */
export interface Kill {
  /** The number of the call, from 0. */
  readonly at: number;
  readonly when: "before" | "after";
}

export const WHEN = ["before", "after"] as const;

/** Both sides of each of so many calls. */
export function pointsUpTo(count: number): Kill[] {
  return Array.from({ length: count }, (_, at) => WHEN.map((when) => ({ at, when }))).flat();
}

/** Ports as a run sees them whose power fails at a call: nothing that comes behind it happens. */
export function dying<Ports extends object>(
  ports: Ports,
  kill: Kill | undefined,
): { readonly ports: Ports; readonly calls: string[] } {
  const calls: string[] = [];
  const wrap = (port: unknown): unknown =>
    typeof port !== "object" || port === null ? port : new Proxy(port, { get });
  const get = (target: object, name: string): unknown => {
    const method = Reflect.get(target, name);
    if (typeof method !== "function") return method;
    return async (...given: unknown[]) => {
      calls.push(name);
      const index = calls.length - 1;
      if (kill !== undefined && (index > kill.at || (index === kill.at && kill.when === "before")))
        throw new PowerFailure();
      const answer: unknown = await method.apply(target, given);
      if (index === kill?.at) throw new PowerFailure();
      return answer;
    };
  };
  const wrapped = Object.entries(ports).map(([name, port]) => [name, wrap(port)]);
  return { ports: Object.fromEntries(wrapped) as Ports, calls };
}
