import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dynamoDbBudget } from "../../functions/monitor/adapters/dynamodb-budget.ts";
import { dynamoDbIncidents } from "../../functions/monitor/adapters/dynamodb-incidents.ts";
import type { Incident } from "../../functions/monitor/incident.ts";
import type { IncidentBook } from "../../functions/monitor/ports.ts";
import type { Budget } from "../../functions/monitor/telling/ports.ts";
import { FREEBSD_NOWHERE } from "../../local/rehearsal/environment.ts";
import { STAGE, setStage } from "../../local/rehearsal/stage.ts";
import type { FakeTwilio } from "../../local/twilio/contract.ts";
import { loadedFleet, storyFleet } from "../../local/watch/story-fleet.ts";
import { openWatchRoom } from "../../local/watch/watch-room.ts";
import { TIME, type Walk, walk } from "./walked-run.ts";

const ROOT = join(import.meta.dirname, "../..");
export const COLIN = "+16045550101";
export const DEPUTY = "+16045550102";
const NAMES = { [COLIN]: "colin", [DEPUTY]: "deputy" };

/** A night in which a machine of the monitor is walked, with incidents that the test puts on record by itself. */
export interface WatchedNight {
  readonly twilio: FakeTwilio;
  readonly incidents: IncidentBook;
  readonly budget: Budget;
  /** The incident of that number is opened, at the beginning of the night. */
  open(number: number, change?: Partial<Incident>): Promise<void>;
  walk(machine: string, input: object, name?: string): Promise<Walk>;
  /** Does something when so many minutes of the night have passed. */
  after(minutes: number, what: () => Promise<unknown>): Promise<unknown>;
  /** "0 colin sms: ALARM [1.1]": what came out of phones after how many whole minutes, of each the beginning. */
  heard(): string[];
  /** "2 colin call sent": the steps of an incident, in the order in which they were taken. */
  told(number: number): Promise<string[]>;
  close(): Promise<void>;
}

/** @param change  of the fleet's section `monitor` */
export async function openNight(change: object = {}): Promise<WatchedNight> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-watched-"));
  const fleetFile = join(folder, "fleet.yml");
  writeFileSync(fleetFile, storyFleet(loadedFleet(join(ROOT, "fleet.yml")), { ...MONITOR, ...change }));
  const begin = new Date(TIME);
  const stage = await setStage({ root: ROOT, fleetFile, folder, time: begin, faults: [] });
  const room = await openWatchRoom(stage, ROOT);
  const settings = {
    ...{ stage: STAGE, region: stage.fleet.regions.watch, functionName: "the-test", fleetFile: "" },
    ...{ sshPort: 22, bucket: "", twilioUrl: "" },
    ...FREEBSD_NOWHERE,
  };
  const incidents = dynamoDbIncidents(settings);
  const { clock } = stage;
  return {
    twilio: room.twilio,
    incidents,
    budget: dynamoDbBudget(settings),
    open: (number, over = {}) => incidents.open({ ...openedAt(begin), number, ...over }),
    walk: async (machine, input, name = machine) => {
      const power = await room.power();
      return walk({ power }, machine, input, name);
    },
    after: async (minutes, what) => {
      await clock.sleep(begin.getTime() + minutes * 60_000 - clock.now().getTime());
      return clock.during(what);
    },
    heard: () =>
      Object.entries(NAMES)
        .flatMap(([phone, name]) => room.twilio.heard(phone).map((one) => ({ ...one, name })))
        .sort((a, b) => a.at.getTime() - b.at.getTime())
        .map(({ at, via, text, name }) => {
          const minutes = Math.floor((at.getTime() - begin.getTime()) / 60_000);
          return `${minutes} ${name} ${via}: ${/^\w+(?: \[[\d.]+\]| acknowledged)?/.exec(text)?.[0]}`;
        }),
    told: async (number) => {
      const { told = [] } = (await incidents.read(number)) ?? {};
      const inOrder = [...told].sort((a, b) => a.at.getTime() - b.at.getTime() || a.step - b.step);
      return inOrder.map(({ step, contact, way, outcome }) => `${step} ${contact} ${way} ${outcome}`);
    },
    close: async () => {
      await room.twilio.settled();
      await room.close();
      await stage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const MONITOR = {
  from: "+12065550100",
  contacts: { colin: { phone: COLIN }, deputy: { phone: DEPUTY } },
  escalation: { callAfterMinutes: 5, nextAfterMinutes: 10, rounds: 2 },
  acknowledgedHours: 1,
  checks: { www: { kind: "http", url: "http://127.0.0.1:9/" } },
};

function openedAt(begin: Date): Omit<Incident, "number" | "recoveredAt" | "acknowledgements" | "told"> {
  return {
    ...{ check: "www", cause: "failing", since: begin, openedAt: begin },
    ...{ reason: "connection refused", isCritical: true },
  };
}
