import { z } from "#platform";
import { DomainName, Ipv4Address, Line, RcValue, ShellName } from "./field-types.ts";

/** Daemons that rc(8) starts at boot, and those that it must not. */
export const ServicesSchema = z
  .strictObject({
    on: z
      .array(ShellName)
      .default([])
      .meta({ description: "Services to enable: NAME_enable=YES in rc.conf" }),
    off: z
      .array(ShellName)
      .default([])
      .meta({ description: "Services to disable: NAME_enable=NO in rc.conf" }),
  })
  .default({ on: [], off: [] })
  .meta({ description: "Services to enable and to disable" });

/** Further settings of rc.conf(5). */
export const RcConfSchema = z
  .record(ShellName, RcValue)
  .default({})
  .meta({ description: "Further settings of rc.conf" });

/** A line of crontab(5). */
export const CronJobSchema = z
  .strictObject({
    schedule: Line.regex(
      /^(@(reboot|yearly|annually|monthly|weekly|daily|midnight|hourly|every_minute)|\S+( \S+){4})$/,
      "expected five fields (minute hour day month weekday) or a word such as @daily",
    ).meta({ description: "When: minute hour day month weekday, or @daily and the like" }),
    user: z
      .string()
      .regex(/^[a-z_][a-z0-9_-]*$/, "expected a user name")
      .default("root"),
    command: Line.meta({ description: "What: one line of sh; its output is mailed to the owner" }),
  })
  .meta({ description: "A cron job" });

export type CronJob = z.infer<typeof CronJobSchema>;

/** The morning look for updates, which never installs any. */
export const UpdatesSchema = z
  .strictObject({
    hour: z
      .int("expected a whole hour")
      .min(0, "expected an hour from 0 to 23")
      .max(23, "expected an hour from 0 to 23")
      .default(5)
      .meta({ description: "Hour of the daily check, in the host's time zone" }),
  })
  .default({ hour: 5 })
  .meta({ description: "Daily check for updates; mail comes only when there are some" });

/** The VPC resolver, at the same address in every VPC (Amazon VPC user guide, "Amazon DNS server"). */
const VPC_RESOLVER = "169.254.169.253";

/** dnscache on loopback, which every program of the host asks. */
export const DnsCacheSchema = z
  .strictObject({
    forwarders: z
      .array(Ipv4Address)
      .min(1, "expected at least one forwarder")
      .default([VPC_RESOLVER])
      .meta({ description: `Resolvers that the cache asks; ${VPC_RESOLVER} is the VPC's own` }),
  })
  .meta({ description: "A DNS cache (dnscache) on the host" });

/** qmail, which hands all mail to one mail server through a pipe. */
export const MailRelaySchema = z
  .strictObject({
    domain: DomainName.meta({ description: "Domain that is added to names without one" }),
    pipe: ShellName.meta({ description: "Name of the pipe that leads to the mail server" }),
  })
  .meta({ description: "Outgoing mail, through a pipe to the mail server" });
