import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { nameFunction } from "../../infra/function-name.ts";
import { readSchedules } from "../../infra/schedule.ts";
import type { ClientOptions } from "../rehearsal/prepared-account.ts";
import { type Power, type RehearsalStage, STAGE } from "../rehearsal/stage.ts";
import type { FakeTwilio } from "../twilio/contract.ts";
import { startTwilio } from "../twilio/twilio.ts";

const MINUTE = 60_000;

/** The rehearsed account at Twilio. Its numbers say what it is. */
const ACCOUNT_SID = `AC${"0".repeat(32)}`;
const AUTH_TOKEN = "rehearsal";

/** Functions behind URLs, by the first label of the address that the rehearsed deployment gave them. */
const ADDRESSES = {
  sms: "receive-sms",
  keypress: "receive-keypress",
  delivery: "receive-delivery",
  heartbeat: "receive-heartbeat",
};

/** A watch region at work: its schedules, its functions' addresses, and a telephone network around it. */
export interface WatchRoom {
  readonly stage: RehearsalStage;
  readonly twilio: FakeTwilio;
  /** The engine that is on, or the next one. */
  power(): Promise<Power>;
  /**
   * Lets minutes pass. In each, whatever events/schedules.yml has for the watch region is started, and `happens` is called
   * just before. A function that fails keeps nothing from going on, as on AWS; its name is answered.
   */
  pass(minutes: number, happens?: (minute: Date) => Promise<void>): Promise<readonly string[]>;
  /** Calls a function of the monitor, as a schedule does; with no power, as soon as there is some. */
  invoke(handler: string, event: unknown): Promise<unknown>;
  /**
   * Everything stops where it is: requests go unanswered, executions and functions are gone. What Twilio and the schedules
   * start meanwhile waits for the next engine.
   */
  powerFails(): void;
  powerUp(): Promise<void>;
  /** A job reports in, by the path of its address. */
  report(path: string): Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens the room in a stage that was just set; the stage stays the caller's to close.
 * @param lineTo  what functions reach Twilio by, given its own address; for tests that listen in
 */
export async function openWatchRoom(
  stage: RehearsalStage,
  root: string,
  lineTo: (url: string) => Promise<string> = async (url) => url,
): Promise<WatchRoom> {
  const { clock, fleet } = stage;
  let current = new Supply();
  const invoke = async (handler: string, event: unknown): Promise<unknown> => {
    const supply = current;
    const { engine } = await supply.power;
    const called = clock.performing(() =>
      Promise.race([engine.invoke(nameFunction("monitor", handler), event), supply.failure]),
    );
    return called;
  };
  const twilio = await startTwilio({
    clock,
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    numbers: [fleet.monitor?.from ?? ""],
    smsUrl: `https://sms.lambda-url.${fleet.regions.watch}.on.aws/#rc=2&rp=ct,rt,5xx`,
    deliver: async (url, form, headers) => {
      const { hostname, search } = new URL(url);
      const [purpose = ""] = hostname.split(".");
      const handler = ADDRESSES[purpose as keyof typeof ADDRESSES];
      const event = {
        headers,
        rawQueryString: search.slice(1),
        body: form.toString(),
        isBase64Encoded: false,
      };
      return delivered((await invoke(handler, event)) as Answer);
    },
  });
  const url = await lineTo(twilio.url);
  const powerUp = async () => current.begin(await stage.powerUp("watch", url));
  await prepareWatch(stage);
  await powerUp();
  const due = scheduledIn(root);

  return {
    stage,
    twilio,
    power: () => current.power,
    invoke,
    powerFails: () => {
      const failed = current;
      current = new Supply();
      failed.fail();
    },
    powerUp,
    pass: async (minutes, happens = async () => undefined) => {
      const failed: string[] = [];
      for (let passed = 0; passed < minutes; passed += 1) {
        const now = clock.now().getTime();
        await clock.sleep((Math.floor(now / MINUTE) + 1) * MINUTE - now);
        const minute = new Date(Math.floor(clock.now().getTime() / MINUTE) * MINUTE);
        await clock.during(() => happens(minute));
        const started = due(minute).map((handler) =>
          invoke(handler, { time: minute.toISOString() }).catch((error: Error) =>
            failed.push(`${handler}: ${error.name}`),
          ),
        );
        await Promise.all(started);
      }
      return failed;
    },
    report: async (path) => {
      const { statusCode } = (await invoke(ADDRESSES.heartbeat, { rawPath: path })) as Answer;
      return statusCode;
    },
    close: () => twilio.close(),
  };
}

/** A time with power: it begins with an engine, and may end in a failure that nothing under way survives. */
class Supply {
  readonly #begun = Promise.withResolvers<Power>();
  readonly #failed = Promise.withResolvers<never>();
  #door: Power["door"] | undefined;

  constructor() {
    this.#failed.promise.catch(() => undefined); // nobody need be under way
  }

  get power(): Promise<Power> {
    return this.#begun.promise;
  }

  /** Rejects when it fails. */
  get failure(): Promise<never> {
    return this.#failed.promise;
  }

  begin(power: Power): void {
    this.#door = power.door;
    this.#begun.resolve(power);
  }

  fail(): void {
    this.#door?.freeze();
    this.#failed.reject(new Error("the power has failed"));
  }
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function delivered({ statusCode, headers, body }: Answer) {
  return { status: statusCode, contentType: headers["content-type"] ?? "", body };
}

/** Handlers of the monitor that a minute's schedules start: those of every minute, and of every fifth. */
function scheduledIn(root: string): (minute: Date) => string[] {
  const schedules = Object.values(readSchedules(root)).flatMap(({ function: target = "", cron }) => {
    const [domain, handler = ""] = target.split("/");
    const [minutes = ""] = cron.split(" ");
    const [, first = "0", step = "1"] = /^(?:(\d+)\/(\d+)|\*)$/.exec(minutes) ?? [];
    return domain === "monitor" ? [{ handler, first: Number(first), step: Number(step) }] : [];
  });
  return (minute) =>
    schedules
      .filter(({ first, step }) => (minute.getUTCMinutes() - first) % step === 0)
      .map(({ handler }) => handler);
}

/** What the owner puts into the watch region's Parameter Store. */
async function prepareWatch({ cloud, fleet }: RehearsalStage): Promise<void> {
  const door = await cloud.openDoor();
  const client: ClientOptions = {
    region: fleet.regions.watch,
    endpoint: door.url,
    credentials: { accessKeyId: "OWNER", secretAccessKey: "owner" },
  };
  const ssm = new SSMClient(client);
  const put = (name: string, Value: string, Type: "String" | "SecureString") =>
    ssm.send(new PutParameterCommand({ Name: `/nightshift/${STAGE}/${name}`, Value, Type }));
  await put("twilio/account-sid", ACCOUNT_SID, "String");
  await put("twilio/auth-token", AUTH_TOKEN, "SecureString");
  await put("monitor/heartbeat-secret", "rehearsal".repeat(4), "SecureString");
  ssm.destroy();
  await door.close();
}
