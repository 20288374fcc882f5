import type { Billing, Fleet } from "#fleet";
import { type Day, type Rates, ratesOn, type Tariff } from "#ledger";
import { BillingOffError } from "./failures.ts";

/** The fleet's terms of business. @throws BillingOffError */
export function billingTerms(fleet: Fleet): Billing {
  if (fleet.billing === undefined)
    throw new BillingOffError("fleet.yml has no section billing: nobody is billed");
  return fleet.billing;
}

/** The rates of a day by these terms. */
export function ratesFor(terms: Billing, day: Day): Rates {
  return ratesOn(day, terms.tariffs.map(toTariff));
}

function toTariff({ from, storage, bandwidth }: Billing["tariffs"][number]): Tariff {
  return {
    from: from as Day,
    storagePicodollarsPerByteMonth: BigInt(storage),
    bandwidthPicodollarsPerByte: BigInt(bandwidth),
  };
}
