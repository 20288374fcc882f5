import type { Billing } from "./billing.ts";
import { describeHosts } from "./describe-hosts.ts";
import { describeMonitor } from "./describe-monitor.ts";
import type { Fleet } from "./fleet.ts";
import type { ImageSpec } from "./image.ts";
import { isKnownInstanceType } from "./instance-types.ts";

/** What a fleet says, in a screenful: for `nightshift check`. Ends with a newline. */
export function describeFleet(fleet: Fleet): string {
  const { home, watch } = fleet.regions;
  const lines = [
    `fleet "${fleet.name}": home ${home}, watched from ${watch}, reports to ${fleet.owner.mail}`,
    ...Object.entries(fleet.images).flatMap(([name, image]) => ["", ...describeImage(name, image, home)]),
    "",
    ...describeHosts(fleet),
    "",
    ...describeBilling(fleet.billing),
    "",
    ...describeMonitor(fleet.monitor, watch),
  ];
  return `${lines.join("\n")}\n`;
}

function describeImage(name: string, image: ImageSpec, home: string): string[] {
  const rows: [string, string][] = [
    ["builder", describeBuilder(image)],
    ["packages", list(image.packages)],
    ["from", image.packageRepository?.url ?? "FreeBSD's own repository"],
    ["services", `${list(image.services.on)}; off: ${list(image.services.off)}`],
    ...Object.entries(image.pipes).map(([pipe, { mode, source, target }]): [string, string] => {
      return [`pipe ${pipe}`, `${source} -> ${target} (${mode}s)`];
    }),
    [
      "DNS",
      image.dnsCache === undefined ? "as DHCP says" : `own cache, asks ${list(image.dnsCache.forwarders)}`,
    ],
    ["mail", image.mailRelay === undefined ? "not relayed" : `through pipe ${image.mailRelay.pipe}`],
    ["cron jobs", count(image.cron.length)],
    ["files", list(image.files.map(({ path }) => path))],
    ["copied to", `${list(image.copyTo)} (made in ${home}); ${image.keep} kept in each region`],
  ];
  const title = `image ${name}: FreeBSD ${image.release} ${image.arch}, ${image.filesystem}, ${image.rootVolumeGib} GiB`;
  return [title, ...rows.map(([what, value]) => `  ${what.padEnd(10)} ${value}`)];
}

function describeBilling(billing: Billing | undefined): string[] {
  if (billing === undefined) return ["billing: nobody is billed"];
  const { chargeTimes, totalPercent, countDropPercent } = billing.holdWhen;
  const rows: [string, string][] = [
    ...billing.tariffs.map(({ from, storage, bandwidth }): [string, string] => {
      return [`from ${from}`, `${storage} picodollars a byte-month stored, ${bandwidth} a byte in or out`];
    }),
    ["payments", `from $${billing.minimumPaymentDollars}, at ${billing.payAt}`],
    ["mail", `from ${billing.from}`],
    [
      "waits",
      `for approval when a charge is over ${chargeTimes} times the last, the total ${totalPercent} % off, or ` +
        `${countDropPercent} % of the accounts are gone`,
    ],
  ];
  return [
    `billing of ${billing.service}, every day since ${billing.since}`,
    ...rows.map(([what, value]) => `  ${what.padEnd(15)} ${value}`),
  ];
}

function describeBuilder({ instanceType, deadlineMinutes, sourceAmi }: ImageSpec): string {
  const note = isKnownInstanceType(instanceType)
    ? ""
    : " (not in our table: checked with EC2 when a build starts)";
  const source = sourceAmi === undefined ? "" : `, from ${sourceAmi}`;
  return `${instanceType}${note}${source}, given up after ${deadlineMinutes} minutes`;
}

function list(words: readonly string[]): string {
  return words.length === 0 ? "none" : words.join(", ");
}

function count(number: number): string {
  return number === 0 ? "none besides" : String(number);
}
