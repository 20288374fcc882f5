import type { VirtualClock } from "../clock/virtual-clock.ts";
import type { Heard, Person, TwilioOptions } from "./contract.ts";
import type { CallRecord, MessageRecord } from "./records.ts";
import type { Postman } from "./webhook-delivery.ts";

/** Everything that the telephone network of one account knows, and what goes on in it. */
export interface Network {
  readonly options: TwilioOptions;
  readonly clock: VirtualClock;
  readonly postman: Postman;
  readonly messages: MessageRecord[];
  readonly calls: CallRecord[];
  readonly alerts: string[];
  /** How long what was accepted waits until it is handed on. */
  queueSeconds: number;
  personAt(phone: string): Person;
  setPerson(phone: string, person: Partial<Person>): void;
  hear(phone: string, via: Heard["via"], text: string): void;
  heard(phone: string): readonly Heard[];
  /** A sid that was not given before: "SM" or "CA" and 32 hexadecimal digits. */
  newSid(prefix: "SM" | "CA"): string;
  /** Lets something take its course, on the clock. */
  begin(course: () => Promise<void>): void;
  settled(): Promise<void>;
}

/** Whoever is not told of otherwise reads texts and answers no call. */
const ANYBODY: Person = { sms: "read", call: "no-answer" };

/** Makes the network of one account. */
export function makeNetwork(options: TwilioOptions, postman: Postman): Network {
  const { clock } = options;
  const people = new Map<string, Person>();
  const heard = new Map<string, Heard[]>();
  const courses = new Set<Promise<void>>();
  const alerts: string[] = [];
  let sids = 0;
  return {
    ...{ options, clock, postman, alerts, messages: [], calls: [], queueSeconds: 1 },
    personAt: (phone) => people.get(phone) ?? ANYBODY,
    setPerson: (phone, person) => {
      people.set(phone, { ...ANYBODY, ...people.get(phone), ...person });
    },
    hear: (phone, via, text) => {
      heard.set(phone, [...(heard.get(phone) ?? []), { at: clock.now(), via, text }]);
    },
    heard: (phone) => heard.get(phone) ?? [],
    newSid: (prefix) => {
      sids += 1;
      return `${prefix}${sids.toString(16).padStart(32, "0")}`;
    },
    begin: (course) => {
      const running = clock
        .performing(course)
        .catch((error: unknown) => {
          alerts.push(`a bug of the rehearsed Twilio: ${String(error)}`);
        })
        .finally(() => courses.delete(running));
      courses.add(running);
    },
    settled: async () => {
      while (courses.size > 0) await Promise.all(courses);
    },
  };
}
