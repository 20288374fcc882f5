import { createHash } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { type Account, attodollars, discrepancyOf, statusOf } from "#ledger";
import { formatUsageLine, parseUsageLine } from "../../../functions/billing/usage/usage-line.ts";
import { sampleAccounts, sampleUsage } from "../../../local/usage/sample-usage.ts";

const COUNT = 10_000;
const lines = [...sampleUsage("2026-11-22", COUNT)];
const accounts = [...sampleAccounts(COUNT)];

describe("sample usage", () => {
  it("is the same for ever, so that figures of two benches can be compared", () => {
    const hash = createHash("sha256");
    for (const line of lines) hash.update(`${formatUsageLine(line)}\n`);
    expect(hash.digest("hex")).toBe("02b4be6c8d82a1735f823b54e7f327bbb71193fe62c78872eba29e4d3f96e2b3");
    expect([...sampleUsage("2026-11-22", 3)]).toEqual(lines.slice(0, 3)); // whatever the count
  });

  it("is what a part may hold, on any day", () => {
    for (const day of ["1999-12-31", "2026-11-22", "2099-12-31"] as const)
      for (const line of sampleUsage(day, 2000))
        expect(parseUsageLine(formatUsageLine(line), 1)).toEqual(line);
  });

  it("is skewed as customers are: half below 10 GB, a few above 10^15 that store more than all others", () => {
    const sizes = lines.map(({ storedBytes }) => storedBytes).sort((a, b) => (a < b ? -1 : 1));
    const sum = (some: bigint[]) => some.reduce((total, one) => total + one, 0n);
    const huge = sizes.filter((size) => size >= 10n ** 15n);
    expect(sizes[COUNT / 2]).toBeGreaterThan(10n ** 9n);
    expect(sizes[COUNT / 2]).toBeLessThan(2n * 10n ** 10n);
    expect(huge.length).toBeGreaterThan(0);
    expect(huge.length).toBeLessThan(COUNT / 200);
    expect(sum(huge) * 2n).toBeGreaterThan(sum(sizes));
  });

  it("differs from day to day by less than makes a night wait", () => {
    const next = [...sampleUsage("2026-11-23", COUNT)];
    const stored = (all: typeof lines) => all.reduce((total, { storedBytes }) => total + storedBytes, 0n);
    expect(stored(next)).toBeGreaterThan(stored(lines));
    expect((stored(next) - stored(lines)) * 1000n).toBeLessThan(stored(lines));
    expect(next.map(({ bytesIn }) => bytesIn)).not.toEqual(lines.map(({ bytesIn }) => bytesIn));
  });
});

describe("sample accounts", () => {
  it("are those of the usage, each with mail of its own", () => {
    expect(accounts.map(({ account }) => account)).toEqual(lines.map(({ account }) => account));
    expect(accounts[0]).toMatchObject({ account: "a00001", mail: "a00001@example.net", month: "2026-11" });
    const [other] = sampleAccounts(1, "2026-02", "backup.example");
    expect(other).toMatchObject({ mail: "a00001@backup.example", month: "2026-02" });
  });

  it("have books that come to their balances", () => {
    const wrong = accounts.filter((one) => discrepancyOf(one) !== undefined || statusOf(one) !== "active");
    expect(wrong).toEqual([]);
    const paid = (one: Account) => one.entries["first-payment"]?.amount ?? attodollars(0n);
    expect(accounts.filter((one) => paid(one) < 5n * 10n ** 18n || paid(one) % 10n ** 16n !== 0n)).toEqual(
      [],
    );
  });
});
