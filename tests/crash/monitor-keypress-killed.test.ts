import { describeNight, HOME_GONE, KEYPRESS } from "./monitor-nights.ts";

await describeNight(KEYPRESS);
await describeNight(HOME_GONE, 4);
