import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Fleet, parseFleet } from "#fleet";
import { useClock, useLogOutput } from "#platform";
import { listMachines } from "../../infra/compile.ts";
import { type Place, regionOf } from "../../infra/place.ts";
import { startMachine } from "../builder/machine.ts";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { KNOWN_OPERATIONS, startCloud } from "../cloud/cloud.ts";
import type { Call, Cloud, Door, Fault, SesAccess, Situation } from "../cloud/contract.ts";
import { parseFault, parseSituation, UnknownFaultError } from "../cloud/fault.ts";
import { type EmbeddedEngine, embeddedEngine } from "../engine/embedded-engine.ts";
import { listExecutions, type StoredExecution } from "../engine/execution-store.ts";
import { FreebsdServers } from "../freebsd/freebsd-servers.ts";
import { bucketName, enterEnvironment } from "./environment.ts";
import { fileLog } from "./file-log.ts";
import { mailEvents } from "./mail-events.ts";
import { prepareAccount } from "./prepared-account.ts";
import { StartedExecutions } from "./started-executions.ts";

/** The stage (as in prod, test) that rehearsals run in. */
export const STAGE = "rehearsal";

/** A port at which nobody listens (discard, RFC 863): a rehearsal must never call a real phone. */
const NOWHERE = "http://127.0.0.1:9";

export interface StageSetting {
  /** The project's folder. */
  readonly root: string;
  readonly fleetFile: string;
  /** Everything that the rehearsal keeps: the cloud's folders, executions, the log. */
  readonly folder: string;
  /** The instant at which it begins. */
  readonly time: Date;
  /** Faults and situations, as the operator wrote them. */
  readonly faults: readonly string[];
  readonly port?: number | undefined;
  /** What SES allows the account. Default: the sandbox. */
  readonly ses?: SesAccess | undefined;
}

/** An engine and the door that it goes through: freeze the one and kill what runs, and its power has failed. */
export interface Power {
  readonly engine: EmbeddedEngine;
  readonly door: Door;
}

/** A rehearsal cloud with a prepared account, and a place to keep executions. */
export interface RehearsalStage {
  /** As it is now. */
  readonly fleet: Fleet;
  /** Puts another fleet in its place, for engines that are powered up from then on. */
  readonly changeFleet: (fleet: Fleet) => void;
  readonly cloud: Cloud;
  readonly clock: VirtualClock;
  /** FreeBSD's servers, as functions find them here. */
  readonly freebsd: FreebsdServers;
  /** Situations that the operator asked for. */
  readonly situations: readonly Situation[];
  readonly executionsFolder: string;
  /**
   * Starts an engine as on a machine that was just switched on, with the region and the bucket that functions have in
   * `place` (default: home). The one before it must be dead or done, of whatever place it was.
   * @param twilioUrl  where functions find Twilio; a rehearsal without one has none to lose
   */
  powerUp(place?: Place, twilioUrl?: string): Promise<Power>;
  /** Lets time pass until everything that SES has to tell of its mail was told. */
  settle(): Promise<void>;
  /** Faults that no call has met, and situations that never came up. As the operator wrote them. */
  unstruckFaults(): string[];
  /** Resolves when every execution that a function started has ended. */
  started(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Sets the stage.
 * @throws FleetError, UnknownFaultError, or an Error when the port is occupied
 */
export async function setStage(setting: StageSetting): Promise<RehearsalStage> {
  const fleet = parseFleet(readFileSync(setting.fleetFile, "utf8"), setting.fleetFile);
  requireRegions(setting.faults, fleet);
  const faults = readFaults(setting.faults);
  mkdirSync(setting.folder, { recursive: true });
  const fleetFile = join(setting.folder, "fleet.json");
  let currentFleet = fleet;
  const changeFleet = (changed: Fleet) => {
    writeFileSync(fleetFile, JSON.stringify(changed, null, 2));
    currentFleet = changed;
  };
  changeFleet(fleet);

  const clock = new VirtualClock(setting.time);
  const executionsFolder = join(setting.folder, "executions");
  const started = new StartedExecutions(STAGE, listMachines(setting.root));
  const servers = FreebsdServers.start();
  const cloud = await startCloud({
    clock,
    folder: join(setting.folder, "cloud"),
    startMachine,
    executions: () => listExecutions(executionsFolder).map(toRecord),
    startExecution: async (request) => {
      const startDate = clock.now();
      await started.start(request);
      return { startDate };
    },
    ...faults,
    ...(setting.ses === undefined ? {} : { ses: setting.ses }),
  });
  await prepareAccount(cloud, fleet, STAGE);
  const freebsd = await servers;
  const restoreClock = useClock(clock);
  const log = fileLog(join(setting.folder, "log.jsonl"));
  const restoreLog = useLogOutput(log.write);
  const mailOf = (place: Place) => {
    const region = regionOf(place, fleet.regions);
    return { region, ...mailEvents(cloud, setting.root, { place, region }) };
  };
  const places = { home: mailOf("home"), watch: mailOf("watch") };
  let restoreEnvironment = (): void => undefined;
  let settle = async (): Promise<void> => undefined;

  return {
    get fleet() {
      return currentFleet;
    },
    changeFleet,
    cloud,
    clock,
    freebsd,
    situations: faults.situations,
    executionsFolder,
    powerUp: async (place = "home", twilioUrl = NOWHERE) => {
      const { region, ...mail } = places[place];
      const door = await cloud.openDoor(setting.port);
      restoreEnvironment();
      const { sshPort } = cloud;
      const bucket = bucketName(STAGE, cloud.accountId, place);
      restoreEnvironment = enterEnvironment({
        ...{ stage: STAGE, region, fleetFile, bucket, sshPort },
        ...{ endpoint: door.url, twilioUrl, freebsd: freebsd.settings },
      });
      const engine: EmbeddedEngine = embeddedEngine({
        root: setting.root,
        stage: STAGE,
        region,
        accountId: cloud.accountId,
        clock,
        folder: executionsFolder,
        during: (work) => clock.performing(work),
        beforeInvoke: () => mail.deliver((target, event) => engine.invoke(target, event)),
      });
      settle = () => mail.settle(engine.invoke);
      const { freeze } = door;
      door.freeze = () => {
        freeze();
        started.powerFailed();
      };
      await started.powerUp(engine);
      return { engine, door };
    },
    settle: () => settle(),
    started: () => started.allEnded(),
    unstruckFaults: () => setting.faults.filter((text) => !hasStruck(text, cloud.calls())),
    close: async () => {
      await cloud.close();
      await freebsd.close();
      restoreEnvironment();
      restoreClock();
      restoreLog();
      await log.close();
    },
  };
}

function readFaults(texts: readonly string[]): { faults: Fault[]; situations: Situation[] } {
  const situations = texts.flatMap((text) => parseSituation(text) ?? []);
  const others = texts.filter((text) => parseSituation(text) === undefined);
  return { situations, faults: others.map((text) => parseFault(text, KNOWN_OPERATIONS)) };
}

/** A fault in a region that the fleet does not use could never strike. @throws UnknownFaultError */
function requireRegions(texts: readonly string[], fleet: Fleet): void {
  const copies = Object.values(fleet.images).flatMap(({ copyTo }) => copyTo);
  const regions = [...new Set([fleet.regions.home, fleet.regions.watch, ...copies])];
  for (const text of texts) {
    const region = /@(.+)$/.exec(text)?.[1];
    if (region === undefined || regions.includes(region)) continue;
    throw new UnknownFaultError(
      `fault "${text}": the fleet uses no region ${region}; there are ${regions.join(", ")}`,
    );
  }
}

function hasStruck(text: string, calls: readonly Call[]): boolean {
  const situation = parseSituation(text);
  if (situation !== undefined) return hasComeUp(situation, calls);
  const fault = parseFault(text, KNOWN_OPERATIONS);
  return calls.some(
    (call) =>
      call.service === fault.service &&
      call.operation === fault.operation &&
      call.error === fault.code &&
      call.caller !== "" &&
      (fault.region === undefined || fault.region === call.region),
  );
}

/** A situation is that of what a call makes: of hosts, which the owner launches, or of what the run itself does. */
function hasComeUp(situation: Situation, calls: readonly Call[]): boolean {
  const isOfHosts = ["host-key-changed", "host-dark", "updates-pending"].includes(situation);
  const [what, region] = situation.split("@");
  const operation =
    { "image-failed": "CreateImage", "copy-failed": "CopyImage" }[what ?? ""] ?? "RunInstances";
  return calls.some(
    (call) =>
      call.operation === operation &&
      (call.caller === "") === isOfHosts &&
      (region === undefined || region === call.region),
  );
}

function toRecord(stored: StoredExecution) {
  return {
    executionArn: stored.executionArn,
    stateMachineArn: stored.executionArn.replace(":execution:", ":stateMachine:").replace(/:[^:]+$/, ""),
    name: stored.name,
    status: stored.status,
    input: stored.input,
    startDate: new Date(stored.startDate),
    stopDate: stored.stopDate === undefined ? undefined : new Date(stored.stopDate),
  };
}
