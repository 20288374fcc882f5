import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { readKey } from "#spiped";
import { heartbeatPath } from "../../functions/monitor/heartbeats/heartbeat-url.ts";
import { nameFunction } from "../../infra/function-name.ts";
import type { Call } from "../../local/cloud/contract.ts";
import { type RehearsalStage, STAGE, setStage } from "../../local/rehearsal/stage.ts";
import { loadedFleet, storyFleet } from "../../local/watch/story-fleet.ts";
import { openWatchRoom, type WatchRoom } from "../../local/watch/watch-room.ts";
import { startRefusingHost } from "../crash/refusing-host.ts";
import { closeServers } from "../functions/monitor/servers/loopback.ts";
import { closePipes, openPipeTo } from "../functions/monitor/servers/pipe.ts";
import { openSshServer, printing } from "../functions/monitor/servers/ssh-server.ts";

const ROOT = join(import.meta.dirname, "../..");
const TIME = new Date("2026-11-27T02:57:30.000Z");
const COLIN = "+16045550101";
const DEPUTY = "+16045550102";

/** As local/watch/watch-room.ts puts it into the watch region. */
const HEARTBEAT_SECRET = "rehearsal".repeat(4);

type Host = Awaited<ReturnType<typeof startRefusingHost>>;

/** What the checks of the night are about, and the parameters that they need. */
interface Surroundings {
  readonly monitor: object;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Two hours of a watch region at work, in which every function of the monitor, and the dead man's switch at home, come to
 * every call that they can make. Answers the calls of our functions.
 */
export async function observeWatch(): Promise<Call[]> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-watch-"));
  const host = await startRefusingHost();
  const { monitor, parameters } = await surround(host);
  const fleetFile = join(folder, "fleet.yml");
  writeFileSync(fleetFile, storyFleet(loadedFleet(join(ROOT, "fleet.yml")), monitor));
  const stage = await setStage({ root: ROOT, fleetFile, folder, time: TIME, faults: [] });
  let room: WatchRoom | undefined;
  try {
    await putParameters(stage, parameters);
    room = await openWatchRoom(stage, ROOT);
    await acknowledgedByKey(room, host);
    await nobodyAnswers(room, host);
    await neverSent(room, host);
    await stage.started();
    await room.twilio.settled();
    room.powerFails();
    await lookFromHome(stage);
    return stage.cloud.calls().filter(({ caller }) => caller.startsWith(`nightshift-${STAGE}-`));
  } finally {
    await room?.close();
    await stage.close();
    await host.goDown();
    await closeServers();
    await closePipes();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A page that goes down now and then, and one check of each kind that needs a permission. */
async function surround(host: Host): Promise<Surroundings> {
  const bytes = randomBytes(32);
  const sshd = await openSshServer(printing("restored 4096 bytes in 3 s\n"));
  const pipe = await openPipeTo(sshd.port, readKey(bytes));
  const keyed = { address: pipe.address, keyParameter: "/nightshift/pipes/SSH", everyMinutes: 5 };
  return {
    monitor: {
      from: "+12065550100",
      contacts: { colin: { phone: COLIN }, deputy: { phone: DEPUTY } },
      escalation: { callAfterMinutes: 1, nextAfterMinutes: 1, rounds: 1 },
      acknowledgedHours: 1,
      messagesPerHour: 4,
      checks: {
        www: { kind: "http", url: host.url, failuresBeforeAlarm: 2 },
        sshd: { kind: "ssh", ...keyed },
        canary: {
          ...{ kind: "backup", ...keyed },
          ...{ hostKey: sshd.hostKey, sshKeyParameter: "/nightshift/ssh/canary" },
        },
        job: { kind: "heartbeat", withinMinutes: 1440 },
        twilio: { kind: "twilio", everyMinutes: 60 },
        billing: { kind: "execution", machine: "billing-nightly", withinHours: 26, everyMinutes: 60 },
      },
    },
    parameters: {
      "/nightshift/pipes/SSH": bytes.toString("base64"),
      "/nightshift/ssh/canary": sshd.userKey.private,
    },
  };
}

async function putParameters(
  { cloud, fleet }: RehearsalStage,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const door = await cloud.openDoor();
  const credentials = { accessKeyId: "OWNER", secretAccessKey: "owner" };
  const ssm = new SSMClient({ region: fleet.regions.watch, endpoint: door.url, credentials });
  for (const [Name, Value] of Object.entries(parameters))
    await ssm.send(new PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true }));
  ssm.destroy();
  await door.close();
}

/**
 * Twilio is busy at first, then a text is in doubt that it never got, then a call that it did get. Callbacks come twice.
 * A key acknowledges, the page recovers, and a job reports.
 */
async function acknowledgedByKey({ twilio, pass, report }: WatchRoom, host: Host): Promise<void> {
  twilio.callbacks("twice");
  twilio.person(COLIN, { call: { answersAfterSeconds: 10, presses: "1" } });
  twilio.fail({ on: "SendMessage", how: { busy: true } });
  twilio.fail({ on: "SendMessage", how: { reset: "before" } });
  twilio.fail({ on: "PlaceCall", how: { status: 500, when: "after" } });
  await pass(1);
  await host.goDown();
  await pass(7); // past three, when an hour's results are shelved
  await report(heartbeatPath(HEARTBEAT_SECRET, "job"));
  await host.comeBack();
  await pass(4);
}

/** The hour's budget ends in the middle of a round. Nobody answers; the deputy's text comes when all is over. */
async function nobodyAnswers({ twilio, pass }: WatchRoom, host: Host): Promise<void> {
  twilio.person(COLIN, { call: "no-answer" });
  await host.goDown();
  await pass(12);
  await twilio.text(DEPUTY, "ACK");
  await host.comeBack();
  await pass(4);
}

/** In another hour: a text that never gets through, a call that is refused for good, and an operator who takes over. */
async function neverSent(room: WatchRoom, host: Host): Promise<void> {
  const { twilio, pass } = room;
  await pass(40);
  twilio.fail({ on: "SendMessage", how: { reset: "before" }, times: 6 });
  twilio.fail({ on: "PlaceCall", how: { code: 21211 } });
  await host.goDown();
  await pass(7);
  const { engine } = await room.power();
  const claim = { incident: 3, by: "operator" };
  await (await engine.start("monitor-acknowledge", "by-operator", claim)).outcome;
  await host.comeBack();
  await pass(4);
}

/** The dead man's switch, five minutes later and at home. */
async function lookFromHome(stage: RehearsalStage): Promise<void> {
  const { engine } = await stage.powerUp("home");
  await engine.invoke(nameFunction("deadman", "check-watch"), { time: stage.clock.now().toISOString() });
}
