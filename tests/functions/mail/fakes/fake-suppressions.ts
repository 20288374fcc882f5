import type { Suppressions } from "../../../../functions/mail/ports.ts";

interface Known {
  readonly suppressed?: { readonly reason: string; readonly at: Date } | undefined;
  readonly transients?: { readonly count: number; readonly last: Date } | undefined;
  readonly lifted?: Date | undefined;
}

/** Suppressions in memory. The same tests hold them and those in DynamoDB to the same behaviour. */
export function fakeSuppressions(
  ...addresses: string[]
): Suppressions & { readonly known: Map<string, Known> } {
  const known = new Map<string, Known>(
    addresses.map((one) => [one, { suppressed: { reason: "before", at: new Date(0) } }]),
  );
  const change = (address: string, last: (one: Known) => Date | undefined, at: Date, next: Known) => {
    const key = address.toLowerCase();
    const before = known.get(key) ?? {};
    const isNews = [last(before), before.lifted].every((one) => one === undefined || one < at);
    if (isNews) known.set(key, { ...before, ...next });
  };
  const countOf = (address: string) => known.get(address.toLowerCase())?.transients?.count ?? 0;
  return {
    known,
    isSuppressed: async (address) => known.get(address.toLowerCase())?.suppressed !== undefined,
    suppress: async (address, reason, at) =>
      change(address, ({ suppressed }) => suppressed?.at, at, { suppressed: { reason, at } }),
    countTransient: async (address, at) => {
      const transients = { count: countOf(address) + 1, last: at };
      change(address, (one) => one.transients?.last, at, { transients });
    },
    lift: async (address, at) => {
      const key = address.toLowerCase();
      if (known.get(key)?.suppressed === undefined) return false;
      known.set(key, { lifted: at });
      return true;
    },
  };
}
