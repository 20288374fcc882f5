/*
 * Money, days, tariffs, and what an account is: what several domains say about the same customer. Pure; who may do
 * what with an account is each domain's affair.
 */
export {
  type Account,
  discrepancyOf,
  ENTRY_KINDS,
  type Entry,
  type EntryKind,
  movementOf,
  type Statement,
  type Status,
  statementOf,
  statusOf,
} from "./account.ts";
export { addDays, type Day, DayText, dayOf, daysBetween, daysIn, type Month, monthOf } from "./calendar.ts";
export {
  accountItem,
  accountOf,
  accountTableName,
  entryItem,
  type Item,
  type ItemValue,
  numberValue,
  statementItem,
  statementOfItem,
  statementTableName,
  textValue,
} from "./item.ts";
export {
  type Attodollars,
  AttodollarText,
  attodollars,
  DollarText,
  formatDollars,
  minus,
  negate,
  picodollars,
  sum,
  times,
  ZERO,
} from "./money.ts";
export { type Charge, chargeFor, type Rates, ratesOn, type Tariff, type Usage } from "./tariff.ts";
