export { z } from "zod";
export { type ClientSettings, clientSettings, perRegion } from "./client-settings.ts";
export { type Clock, clock, systemClock, useClock } from "./clock.ts";
export { Failure, InvalidInputError, InvalidSettingsError } from "./failures.ts";
export { lambda, type Parts, type Run, startCold } from "./lambda.ts";
export { type Log, logWith, useLogOutput } from "./log.ts";
export { readSettings, type Settings } from "./settings.ts";
export { TransientError, TransientFailure } from "./transient.ts";
