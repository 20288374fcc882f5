import type { RequestUnits } from "../contract.ts";

/** Request units that were used so far, by table (DynamoDB guide, "On-demand capacity mode"); tables of the same name in several regions count together. */
export class UsedUnits {
  readonly #tables = new Map<string, RequestUnits>();

  add(table: string, kind: keyof RequestUnits, units: number): void {
    const used = this.#tables.get(table) ?? { read: 0, write: 0 };
    this.#tables.set(table, { ...used, [kind]: used[kind] + units });
  }

  byTable(): Record<string, RequestUnits> {
    return Object.fromEntries(this.#tables);
  }

  total(): RequestUnits {
    const all = [...this.#tables.values()];
    const sum = (kind: keyof RequestUnits) => all.reduce((units, one) => units + one[kind], 0);
    return { read: sum("read"), write: sum("write") };
  }
}
