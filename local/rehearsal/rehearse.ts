import { findImage } from "#fleet";
import { placeOfMachine } from "../../infra/place.ts";
import type { ExecutionEvent } from "../engine/execution-event.ts";
import { hostsScene } from "./hosts-scene.ts";
import { bookedDay, setNightScene } from "./night-scene.ts";
import type { RehearsalReport } from "./report.ts";
import { reportOn } from "./report-on.ts";
import { type StageSetting, setStage } from "./stage.ts";

/** Domains whose machines go to hosts. */
const HOSTS_DOMAINS = ["updates", "tunnels"];

export interface RehearsalOptions extends Omit<StageSetting, "time"> {
  /** "ami-build" */
  readonly machine: string;
  /** Of the fleet, when the machine is about one. */
  readonly image?: string | undefined;
  /** Of the machine, besides image and time. */
  readonly input?: Readonly<Record<string, unknown>> | undefined;
  /** Default: now, to the minute. */
  readonly time?: Date | undefined;
  /** Aborting interrupts the run, which then cleans up after itself. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: ExecutionEvent) => void;
}

/**
 * Rehearses a state machine from beginning to end, in a cloud of its own.
 * @throws FleetError (a broken fleet, an unknown image), UnknownFaultError, or an Error when the port is occupied
 */
export async function rehearse(options: RehearsalOptions): Promise<RehearsalReport> {
  const started = performance.now();
  const time = options.time ?? new Date(Math.floor(Date.now() / 60_000) * 60_000);
  const hasHosts = HOSTS_DOMAINS.includes(options.machine.split("-")[0] ?? "");
  const stage = hasHosts
    ? (await hostsScene({ ...options, time })).stage
    : await setStage({ ...options, time });
  try {
    if (options.image !== undefined) findImage(stage.fleet, options.image);
    const isNight = options.machine.startsWith("billing-");
    if (isNight) await setNightScene(stage, time);
    const unitsBefore = stage.cloud.requestUnits();
    const { engine } = await stage.powerUp(placeOfMachine(options.machine));
    const name = `${options.machine}-${time.toISOString().replaceAll(/[:.]/g, "-")}`;
    const about = options.image === undefined ? {} : { image: options.image };
    const input = { ...about, ...options.input, time: time.toISOString() };
    const events: ExecutionEvent[] = [];
    const execution = await engine.start(options.machine, name, input, (event) => {
      events.push(event);
      options.onEvent(event);
    });
    const interrupt = () => execution.interrupt();
    options.signal.addEventListener("abort", interrupt);
    const outcome = await execution.outcome;
    options.signal.removeEventListener("abort", interrupt);
    await stage.settle();
    return await reportOn({
      stage,
      folder: options.folder,
      image: options.image,
      night: isNight ? await bookedDay(stage, time, unitsBefore) : undefined,
      hasHosts,
      execution,
      outcome,
      events,
      // Too late to be stopped, it succeeded.
      aborted: options.signal.aborted && outcome.status === "FAILED",
      simulatedSeconds: (stage.clock.now().getTime() - time.getTime()) / 1000,
      wallSeconds: (performance.now() - started) / 1000,
    });
  } finally {
    await stage.close();
  }
}
