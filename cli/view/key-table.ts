import { shortFingerprint } from "../../functions/tunnels/fingerprint.ts";
import type { SeenKey } from "../keys/look-at-keys.ts";
import { columns, listed } from "./columns.ts";

/** What one cell may take: hosts and checks may be many. */
const USERS_WIDTH = 44;
const DAY_MILLISECONDS = 86_400_000;

/** The keys as a table, and what is not as it should be in lines below. */
export function keyTable(keys: readonly SeenKey[], now: Date): string {
  if (keys.length === 0) return "The fleet names no key of a pipe.\n";
  const rows = keys.map((key) => [
    nameOf(key),
    key.fingerprint === undefined ? "-" : shortFingerprint(key.fingerprint),
    age(key.changedAt, now),
    key.regions,
    rotation(key),
    listed(users(key), USERS_WIDTH) || "nobody",
  ]);
  const lines = columns([["KEY", "FINGERPRINT", "CHANGED", "REGIONS", "ROTATION", "USED BY"], ...rows]);
  const advice = keys.flatMap(adviceOn);
  return [...lines, ...(advice.length === 0 ? [] : ["", ...advice]), ""].join("\n");
}

function nameOf({ parameter }: SeenKey): string {
  return parameter.replace("/nightshift/pipes/", "");
}

function age(changedAt: string | undefined, now: Date): string {
  if (changedAt === undefined) return "-";
  const days = Math.floor((now.getTime() - Date.parse(changedAt)) / DAY_MILLISECONDS);
  return days <= 0 ? "today" : days === 1 ? "1 day ago" : `${days} days ago`;
}

function rotation({ rotation: phase, hasNext }: SeenKey): string {
  if (phase === "") return hasNext ? "next key" : "-";
  return phase === "opening" ? "begun" : "halfway";
}

function users({ servers, clients, checks }: SeenKey): string[] {
  return [
    ...servers.map((host) => `into ${host}`),
    ...clients.map((host) => `out of ${host}`),
    ...checks.map((check) => `check ${check}`),
  ];
}

function adviceOn(key: SeenKey): string[] {
  const name = nameOf(key);
  if (key.rotation !== "" || key.hasNext)
    return [`${name}: if no rotation is running, go on with it: nightshift keys rotate ${name}`];
  if (key.regions === "differ")
    return [`${name}: the monitor has another key than the hosts: its checks fail`];
  if (key.regions !== "same") return [`${name}: make it where it is missing: nightshift keys new ${name}`];
  return key.fingerprint === undefined ? [`${name}: what is there is no key of 32 bytes in base64`] : [];
}
