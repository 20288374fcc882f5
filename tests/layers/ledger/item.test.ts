import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  type Account,
  accountItem,
  accountOf,
  attodollars,
  type Item,
  type ItemValue,
  statementItem,
  statementOf,
  statementOfItem,
} from "#ledger";

const amount = fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }).map(attodollars);
const bytes = fc.bigInt({ min: 0n, max: 10n ** 20n });

const FULL: Account = {
  account: "a1234567",
  mail: "somebody@mail.example.net",
  revision: 61n,
  month: "2026-12",
  opening: attodollars(49_992_238_237_884_881_224n),
  balance: attodollars(48_742_238_237_884_881_224n),
  charges: Object.fromEntries(
    Array.from({ length: 31 }, (_, day) => [
      String(day + 1).padStart(2, "0"),
      attodollars(80_645_160_000_000_000n + BigInt(day) * 12_345_678_901n),
    ]),
  ),
  entries: {},
  used: { storedBytes: 310_000_000_000n, bytesIn: 1_234_567_890n, bytesOut: 2_345_678_901n },
  storageCharged: attodollars(2_499_999_960_000_000_000n),
  lastCharge: attodollars(80_645_530_370_367_030n),
  lastPart: 199n,
  storagePerDay: attodollars(80_645_160_000_000_000n),
  closedMonth: "2026-11",
  closedOn: "2026-12-01",
};

describe("an account as an item", () => {
  it("is the same account when it comes back, whatever its amounts", () => {
    fc.assert(
      fc.property(
        fc.record({ opening: amount, balance: amount, storageCharged: amount, lastCharge: amount }),
        fc.record({ storedBytes: bytes, bytesIn: bytes, bytesOut: bytes }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), amount),
        (amounts, used, paid) => {
          const entries = Object.fromEntries(
            Object.entries(paid).map(([id, one]) => [id, { kind: "payment", amount: one, on: "2026-12-03" }]),
          ) as Account["entries"];
          const account = { ...FULL, ...amounts, used, entries };
          expect(accountOf(accountItem(account))).toEqual(account);
          expect(statementOfItem(statementItem(statementOf(account)))).toEqual(statementOf(account));
        },
      ),
    );
  });

  // One write request unit pays for 1 KB (DynamoDB developer guide, "Read and write operations").
  it("of a month of 31 charges and a payment fits into one write request unit", () => {
    const paid = { kind: "payment", amount: attodollars(5n * 10n ** 18n), on: "2026-12-03" } as const;
    const account = { ...FULL, entries: { pi_3MtwBwLkdIwHu7ix28a3tqPC: paid }, lowOn: "2026-12-30" as const };
    expect(sizeOf(accountItem(account))).toBeLessThanOrEqual(1024);
  });

  it.each([
    ["5E+18", 5n * 10n ** 18n],
    ["-5e18", -5n * 10n ** 18n],
    ["1.25E+19", 125n * 10n ** 17n],
    ["-4.992238237884881224E+18", -4_992_238_237_884_881_224n],
  ])("knows numbers with an exponent, as DynamoDB may write them: %s", (N, balance) => {
    expect(accountOf({ ...accountItem(FULL), balance: { N } }).balance).toBe(balance);
  });

  it.each([
    ["balance", { S: "5" }],
    ["balance", { N: "5.5" }],
    ["balance", { N: "1.25E+1" }],
    ["balance", { N: "1E-1" }],
    ["mail", { N: "5" }],
    ["days", { S: "" }],
  ] as [string, ItemValue][])("is refused when %s is %p", (name, value) => {
    expect(() => accountOf({ ...accountItem(FULL), [name]: value })).toThrow();
  });
});

/** Bytes that DynamoDB counts (developer guide, "DynamoDB item sizes and formats"). */
function sizeOf(item: Item): number {
  return Object.entries(item).reduce((size, [name, value]) => size + name.length + valueSize(value), 0);
}

function valueSize(value: ItemValue): number {
  if ("S" in value) return Buffer.byteLength(value.S);
  if ("M" in value) return 3 + Object.keys(value.M).length + sizeOf(value.M);
  const digits = value.N.replace("-", "").replace(/0+$/, "");
  return Math.ceil(digits.length / 2) + 1 + (value.N.startsWith("-") ? 1 : 0);
}
