import { describeNight, REPLY } from "./monitor-nights.ts";

await describeNight(REPLY);
