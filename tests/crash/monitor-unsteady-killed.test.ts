import { describeNight, FLAPPING, TWO_MONITORS } from "./monitor-nights.ts";

await describeNight(FLAPPING, 4);
await describeNight(TWO_MONITORS, 4);
