import { AMI_BUILD } from "./ami-build.ts";
import { describeCrashes } from "./crash-suite.ts";

await describeCrashes("ami-build", AMI_BUILD, "before");
