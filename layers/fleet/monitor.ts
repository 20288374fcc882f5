import { z } from "#platform";
import { type Check, CheckName, CheckSchema } from "./checks.ts";
import { Line } from "./field-types.ts";

const A_TIME = 'expected a time of day in quotes, for example "22:00"';

const TimeOfDay = z
  .string(A_TIME)
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, A_TIME)
  .meta({ description: 'Time of day, for example "22:00"' });

const TimeZone = z
  .string()
  .refine(isTimeZone, "expected a time zone such as America/Vancouver or UTC")
  .meta({ description: "Time zone of the IANA database" });

const A_PHONE = 'expected a phone number in quotes, with its country code: "+16045550100"';

/** E.164: a plus sign, a country code, 15 digits at most (ITU-T E.164, 6.2). */
const PhoneNumber = z
  .string(A_PHONE)
  .regex(/^\+[1-9]\d{6,14}$/, A_PHONE)
  .meta({ description: "Phone number in E.164, for example +16045550100" });

const Contact = z
  .strictObject({
    phone: PhoneNumber,
    quiet: z
      .strictObject({ from: TimeOfDay, to: TimeOfDay, timeZone: TimeZone.optional() })
      .optional()
      .meta({ description: "Hours in which only critical checks may wake this person" }),
  })
  .meta({ description: "Somebody to wake" });

const MaintenanceWindow = z
  .strictObject({
    every: z
      .enum(["day", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"])
      .optional()
      .meta({ description: "The day on which it recurs, or every day" }),
    on: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a day in quotes, for example "2026-12-01"')
      .optional()
      .meta({ description: "The day of a window that comes once" }),
    at: TimeOfDay.meta({ description: "When it begins, in the monitor's time zone" }),
    minutes: z.int().min(1).max(1440).meta({ description: "How long it lasts" }),
    checks: z.array(CheckName).optional().meta({ description: "Checks that it is about; default: all" }),
  })
  .refine(({ every, on }) => (every === undefined) !== (on === undefined), "expected either every or on")
  .meta({ description: "A time in which failures are no alarm; they are measured all the same" });

/** What is watched from the watch region, and who is told. Without this section nothing is. */
export const MonitorSchema = z
  .strictObject({
    from: PhoneNumber.meta({ description: "Your number at Twilio, which sends and calls" }),
    timeZone: TimeZone.default("UTC").meta({
      description: "Time zone of maintenance windows and of what people read",
    }),
    contacts: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, "expected a short name in lower case"), Contact)
      .meta({ description: "Who is woken, in this order" }),
    escalation: z
      .strictObject({
        callAfterMinutes: z
          .int()
          .min(1)
          .max(120)
          .default(5)
          .meta({ description: "From the SMS to the call" }),
        nextAfterMinutes: z.int().min(1).max(120).default(5).meta({
          description: "From the call to the next contact",
        }),
        rounds: z
          .int()
          .min(1)
          .max(20)
          .default(3)
          .meta({ description: "How often all contacts are gone through" }),
      })
      .prefault({})
      .meta({ description: "Who is told when" }),
    acknowledgedHours: z.int().min(1).max(72).default(4).meta({
      description:
        "How long an acknowledgement holds; after it, an incident that is still open is told again",
    }),
    messagesPerHour: z.int().min(4).max(500).default(30).meta({
      description: "Messages and calls of an hour; beyond them each contact gets one that says so",
    }),
    statusPage: z
      .strictObject({ title: Line.max(60).meta({ description: "Its headline" }) })
      .prefault({ title: "Status" })
      .meta({ description: "The status page, which everybody can read" }),
    outsideUrl: z
      .string()
      .regex(/^https:\/\/[^\s"<>]+$/, "expected an address that begins with https://")
      .optional()
      .meta({ description: "Fetched after each run, by a service that notices when that stops" }),
    maintenance: z.array(MaintenanceWindow).default([]).meta({ description: "Planned work" }),
    checks: z.record(CheckName, CheckSchema).meta({ description: "What is watched, by name" }),
  })
  .superRefine(({ checks, contacts, maintenance }, context) => {
    const report = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    if (Object.keys(contacts).length === 0) report(["contacts"], "expected at least one contact");
    if ("monitor" in checks)
      report(["checks", "monitor"], 'the name "monitor" is the monitor\'s own: choose another');
    for (const [name, check] of Object.entries(checks)) {
      checkParents(name, checks, (message) => report(["checks", name, "parent"], message));
      if (check.kind !== "smtp") continue;
      if (check.address.endsWith(":25"))
        report(["checks", name, "address"], "AWS lets nothing out to port 25: use 587, 465, or a pipe");
      if ((check.security === "spiped") !== (check.keyParameter !== undefined))
        report(["checks", name, "security"], "security: spiped and keyParameter go together");
    }
    for (const [index, window] of maintenance.entries())
      for (const [place, name] of (window.checks ?? []).entries())
        if (!(name in checks)) report(["maintenance", index, "checks", place], `there is no check "${name}"`);
  })
  .meta({ description: "What is watched, and who is woken" });

export type Monitor = z.infer<typeof MonitorSchema>;
export type Contact = z.infer<typeof Contact>;
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;

/** Parents must exist, and lead to no circle, in which everything would be silent for ever. */
function checkParents(
  name: string,
  checks: Readonly<Record<string, Check>>,
  report: (message: string) => void,
): void {
  const seen = new Set([name]);
  let parent = checks[name]?.parent;
  while (parent !== undefined && !seen.has(parent) && checks[parent] !== undefined) {
    seen.add(parent);
    parent = checks[parent]?.parent;
  }
  if (parent === undefined) return;
  report(
    seen.has(parent)
      ? `goes in a circle: ${[...seen, parent].join(" -> ")}`
      : `there is no check "${parent}"`,
  );
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
