/*
 * The fleet: the one file that a user edits, as a language that every domain reads. What the words mean to a domain
 * is that domain's affair.
 */
export type { Billing } from "./billing.ts";
export type { Check, CheckKind, CheckOf } from "./checks.ts";
export { describeFleet } from "./describe-fleet.ts";
export type { Tunnels, UpdatesCheck } from "./errands.ts";
export { findHost, type HostOfFleet } from "./find-host.ts";
export { findImage } from "./find-image.ts";
export type { Fleet } from "./fleet.ts";
export { FleetError, type FleetProblem } from "./fleet-error.ts";
export { type Host, pipeToSshd } from "./hosts.ts";
export type { ImageSpec } from "./image.ts";
export { fleetJsonSchema } from "./json-schema.ts";
export type { Contact, MaintenanceWindow, Monitor } from "./monitor.ts";
export { nearest } from "./nearest.ts";
export type { PackageRepository } from "./package-repository.ts";
export { parseFleet } from "./parse-fleet.ts";
export { isLoopback, type Pipe, splitAddress } from "./pipes.ts";
export { readFleet } from "./read-fleet.ts";
export { renderFleet } from "./render-fleet.ts";
export type { CronJob } from "./services.ts";
