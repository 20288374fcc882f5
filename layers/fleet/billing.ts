import { z } from "#platform";
import { DomainName, Line, MailAddress } from "./field-types.ts";

const Day = z
  .string()
  .regex(
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
    'expected a day in quotes, for example "2026-11-22"',
  )
  .meta({ description: "Day of UTC, for example 2026-11-22" });

const Picodollars = z
  .number()
  .int("expected whole picodollars (10^-12 $)")
  .min(0, "expected no negative price")
  .max(1_000_000_000);

const WebAddress = z
  .string()
  .regex(/^https:\/\/[^\s"<>]+$/, "expected an address that begins with https://")
  .meta({ description: "https:// address" });

const Percent = z.number().min(0).max(100_000);

const Tariff = z
  .strictObject({
    from: Day.meta({ description: "The first day on which it is in force" }),
    storage: Picodollars.meta({ description: "Picodollars (10^-12 $) per byte-month of storage" }),
    bandwidth: Picodollars.meta({ description: "Picodollars (10^-12 $) per byte in or out" }),
  })
  .meta({ description: "Prices from a day on" });

/** What an account of the service costs, and who is told. Without this section nobody is billed. */
export const BillingSchema = z
  .strictObject({
    service: Line.meta({ description: "What the customers call the service" }),
    domain: DomainName.meta({ description: "Its domain, for addresses in mail" }),
    from: MailAddress.meta({ description: "Sender of the customers' mail; verified in SES" }),
    site: WebAddress.meta({ description: "Where the service is explained" }),
    payAt: WebAddress.meta({ description: "Where a customer adds money" }),
    since: Day.meta({ description: "The first day that is billed" }),
    tariffs: z
      .array(Tariff)
      .min(1, "expected at least one tariff")
      .meta({ description: "Prices, each from its day on until the next one's" }),
    minimumPaymentDollars: z
      .string()
      .regex(/^\d{1,6}(\.\d{1,2})?$/, 'expected dollars in quotes, for example "5.00"')
      .default("5.00")
      .meta({ description: "Smallest payment that is accepted" }),
    holdWhen: z
      .strictObject({
        chargeTimes: z.number().int().min(2).default(100).meta({
          description: "A charge that is more than so many times the account's last one",
        }),
        totalPercent: Percent.default(25).meta({
          description: "A total that differs by more from yesterday's",
        }),
        countDropPercent: Percent.default(5).meta({ description: "So many fewer accounts than yesterday" }),
      })
      .default({ chargeTimes: 100, totalPercent: 25, countDropPercent: 5 })
      .meta({ description: "What makes a night wait for the operator's approval" }),
    writesPerSecond: z.number().int().min(10).max(40_000).default(1000).meta({
      description: "DynamoDB write request units that a night may use each second",
    }),
  })
  .superRefine(({ since, tariffs }, context) => {
    const report = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    tariffs.forEach(({ from }, index) => {
      const before = tariffs[index - 1];
      if (before !== undefined && before.from >= from)
        report(["tariffs", index, "from"], `expected a day after ${before.from}: tariffs stand in order`);
    });
    const first = tariffs[0];
    if (first !== undefined && first.from > since)
      report(["tariffs", 0, "from"], `no tariff is in force on ${since}, the first day that is billed`);
  })
  .meta({ description: "What customers pay, and the mail that they get" });

export type Billing = z.infer<typeof BillingSchema>;
