import type { Fleet } from "#fleet";
import { nextKeyParameter, pipeKeyBytes } from "#hosts";
import { fingerprintOf } from "../../functions/tunnels/fingerprint.ts";
import { keyParametersOf } from "../../functions/tunnels/plan-rotation.ts";
import { PLACES, type Place } from "../../infra/place.ts";
import type { Parameters } from "../deployed/parameters.ts";
import type { Rotations } from "../deployed/rotations.ts";

/** A key of a pipe, as it stands: never the key itself. */
export interface SeenKey {
  readonly parameter: string;
  /** Of the key in force at home; undefined: there is none, or what is there is none. */
  readonly fingerprint: string | undefined;
  readonly changedAt: string | undefined;
  /** Whether both regions have the same: what keeps the monitor's checks from failing. */
  readonly regions: "same" | "differ" | "home only" | "watch only" | "neither";
  /** Whether another key lies beside it, which is to follow. */
  readonly hasNext: boolean;
  /** "" when it is not being rotated; how far that came, by a run that may have died. */
  readonly rotation: "" | "opening" | "switching";
  /** Hosts of the fleet that let in with it, and those that lead out with it. */
  readonly servers: readonly string[];
  readonly clients: readonly string[];
  /** The monitor's checks that connect with it. */
  readonly checks: readonly string[];
}

/** Where keys and rotations are looked up. */
export interface KeyPlaces {
  readonly parameters: Readonly<Record<Place, Parameters>>;
  readonly rotations: Rotations;
}

/** Every key that the fleet names, as it stands in both regions. */
export function lookAtKeys(fleet: Fleet, places: KeyPlaces): Promise<SeenKey[]> {
  return Promise.all(keyParametersOf(fleet).map((parameter) => lookAt(fleet, parameter, places)));
}

async function lookAt(
  fleet: Fleet,
  parameter: string,
  { parameters, rotations }: KeyPlaces,
): Promise<SeenKey> {
  const [watch, home] = await Promise.all(PLACES.map((place) => parameters[place].inspect(parameter)));
  const next = await parameters.home.inspect(nextKeyParameter(parameter));
  const record = await rotations.find(parameter);
  return {
    parameter,
    fingerprint: home === undefined ? undefined : safely(home.value, parameter),
    changedAt: home?.modifiedAt?.toISOString(),
    regions: compare(home?.value, watch?.value),
    hasNext: next !== undefined,
    rotation: record?.phase ?? "",
    ...endsOf(fleet, parameter),
  };
}

function safely(text: string, parameter: string): string | undefined {
  try {
    return fingerprintOf(pipeKeyBytes(text, parameter));
  } catch {
    return undefined; // no key: what is there is not shown
  }
}

function compare(home: string | undefined, watch: string | undefined): SeenKey["regions"] {
  if (home === undefined) return watch === undefined ? "neither" : "watch only";
  if (watch === undefined) return "home only";
  return home.trim() === watch.trim() ? "same" : "differ";
}

/** Who uses a key. Unlike a rotation, this does without a section tunnels. */
function endsOf({ hosts, images, monitor }: Fleet, parameter: string) {
  const pipesOf = (image: string) => Object.values(images[image]?.pipes ?? {});
  const hostsWith = (mode: "encrypt" | "decrypt") =>
    Object.entries(hosts)
      .filter(([, { image }]) =>
        pipesOf(image).some((pipe) => pipe.mode === mode && pipe.keyParameter === parameter),
      )
      .map(([name]) => name);
  const checks = Object.entries(monitor?.checks ?? {})
    .filter(([, check]) => "keyParameter" in check && check.keyParameter === parameter)
    .map(([name]) => name);
  return { servers: hostsWith("decrypt"), clients: hostsWith("encrypt"), checks };
}
