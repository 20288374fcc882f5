import { describeRotation } from "./tunnels-rotate.ts";

await describeRotation("after");
