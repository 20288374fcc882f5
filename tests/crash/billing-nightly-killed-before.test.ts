import { BILLING_NIGHTLY } from "./billing-nightly.ts";
import { describeCrashes } from "./crash-suite.ts";

await describeCrashes("billing-nightly", BILLING_NIGHTLY, "before");
