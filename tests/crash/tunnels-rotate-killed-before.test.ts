import { describeRotation } from "./tunnels-rotate.ts";

await describeRotation("before");
