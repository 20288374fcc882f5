import type { Account } from "./account.ts";
import type { BillLine, RequestUnits } from "./contract.ts";
import type { Ec2 } from "./ec2/ec2.ts";
import type { Region } from "./ec2/region.ts";
import type { Kept, Snapshot, Volume } from "./ec2/resources.ts";
import { HOURS_PER_MONTH, PRICES } from "./prices.ts";
import type { S3Requests } from "./s3/buckets.ts";
import type { Mailbox } from "./ses/mailbox.ts";

/**
 * GiB that a snapshot stores. EBS keeps and charges what was ever written, and the rehearsal's trees are only a
 * skeleton, so this is a figure for a FreeBSD base system with some packages; a smaller volume stores itself.
 */
export const STORED_GIB = 3;

/** What was used up to now, at list price. */
export function billOf(
  account: Account,
  ec2: Ec2,
  units: RequestUnits,
  requests: S3Requests,
  mailbox: Mailbox,
): BillLine[] {
  const mails = mailbox.accepted.reduce((sum, { destinations }) => sum + destinations.length, 0);
  const lines = [
    ...ec2.regions().flatMap((region) => regionLines(account, region)),
    line("DynamoDB writes", units.write, "write request units", PRICES.dynamoDbWriteUnit),
    line("DynamoDB reads", units.read, "read request units", PRICES.dynamoDbReadUnit),
    line("S3 PUT and LIST", requests.put, "requests", PRICES.s3PutRequest),
    line("S3 GET", requests.get, "requests", PRICES.s3GetRequest),
    line("SES", mails, "mails", PRICES.sesMail),
  ];
  return lines.filter(({ quantity }) => quantity > 0);
}

/** One line of a bill. */
export function line(what: string, quantity: number, unit: string, priceUsd: number): BillLine {
  return { what, quantity, unit, priceUsd, costUsd: quantity * priceUsd };
}

function regionLines(account: Account, region: Region): BillLine[] {
  const now = account.clock.now();
  const volumes = region.volumes.everything();
  const snapshots = region.snapshots.everything();
  const copied = copiedSnapshots(region);
  return [
    ...instanceLines(now, region),
    line(
      `EBS gp3 volumes, ${region.name}`,
      gibMonths(now, volumes, volumeGib),
      "GB-months",
      PRICES.gp3GibMonth,
    ),
    line(
      `EBS volume initialization, ${region.name}`,
      volumes.reduce((sum, one) => sum + storedGib(one) * (one.initializationRate ?? 0), 0),
      "GB × MiB/s",
      PRICES.initializationGibMibPerSecond,
    ),
    line(
      `EBS snapshots, ${region.name}`,
      gibMonths(now, snapshots, storedGib),
      "GB-months",
      PRICES.snapshotGibMonth,
    ),
    line(
      `copies into ${region.name}`,
      copied.reduce((sum, one) => sum + storedGib(one), 0),
      "GB transferred",
      PRICES.interRegionGib,
    ),
  ];
}

/** Instances by type, and their public addresses. Billing ends when an instance is told to terminate. */
function instanceLines(now: Date, region: Region): BillLine[] {
  const instances = region.instances.everything().map((one) => ({
    type: one.type,
    hours: Math.max(60, secondsBetween(one.createdAt, one.terminatedAt ?? now)) / 3600,
  }));
  const byType = [...Map.groupBy(instances, ({ type }) => type)];
  const hoursOf = (some: typeof instances) => some.reduce((sum, { hours }) => sum + hours, 0);
  return [
    ...byType.map(([type, some]) =>
      line(`EC2 ${type}, ${region.name}`, hoursOf(some), "instance-hours", PRICES.instanceHour[type] ?? 0),
    ),
    line(`public IPv4 addresses, ${region.name}`, hoursOf(instances), "address-hours", PRICES.publicIpv4Hour),
  ];
}

/** Snapshots that came from another region. A copy inside a region moves nothing. */
function copiedSnapshots(region: Region): Snapshot[] {
  const images = region.images.everything().filter(({ copiedFrom }) => copiedFrom !== undefined);
  const ids = images
    .filter(({ copiedFrom }) => copiedFrom?.region !== region.name)
    .map((one) => one.snapshotId);
  return region.snapshots.everything().filter(({ id }) => ids.includes(id));
}

/** GiB times months that these existed. */
function gibMonths<T extends Kept>(now: Date, items: readonly T[], gibOf: (item: T) => number): number {
  return items.reduce((sum, one) => {
    const end = one.goneAt === undefined || one.goneAt > now ? now : one.goneAt;
    return sum + (gibOf(one) * secondsBetween(one.createdAt, end)) / 3600 / HOURS_PER_MONTH;
  }, 0);
}

function volumeGib({ sizeGib }: Volume): number {
  return sizeGib;
}

function storedGib({ sizeGib }: { readonly sizeGib: number }): number {
  return Math.min(sizeGib, STORED_GIB);
}

function secondsBetween(start: Date, end: Date): number {
  return Math.max(0, end.getTime() - start.getTime()) / 1000;
}
