import { BILLING_CREDIT, BILLING_ENTRY } from "./billing-nightly.ts";
import { describeCrashes } from "./crash-suite.ts";

await describeCrashes("billing-entry", BILLING_ENTRY, "before");
await describeCrashes("billing-entry", BILLING_ENTRY, "after");
await describeCrashes("billing-credit", BILLING_CREDIT, "before");
await describeCrashes("billing-credit", BILLING_CREDIT, "after");
