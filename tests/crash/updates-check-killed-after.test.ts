import { describeCrashes } from "./crash-suite.ts";
import { UPDATES_CHECK } from "./updates-check.ts";

await describeCrashes("updates-check", UPDATES_CHECK, "after");
