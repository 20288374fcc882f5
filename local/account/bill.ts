import type { BillLine, Call } from "../cloud/contract.ts";
import type { Account } from "./account.ts";
import type { Ec2 } from "./ec2/ec2.ts";
import { HOURS_PER_MONTH, PRICES } from "./prices.ts";

/** An image's disk is rarely full; what a snapshot stores is what was written. A FreeBSD base system with packages. */
const WRITTEN_SHARE = 0.3;

/** What was used up to now, at list price. Snapshots of images are priced for a whole month. */
export function billOf(account: Account, ec2: Ec2, calls: readonly Call[], mails: number): BillLine[] {
  const now = account.clock.now();
  const lines = [
    ...instanceLines(now, ec2),
    ...volumeLines(now, ec2),
    ...snapshotLines(ec2, account),
    line(
      "DynamoDB writes",
      countCalls(calls, /^(PutItem|UpdateItem|DeleteItem)$/),
      "write units",
      PRICES.dynamoDbWriteUnit,
    ),
    line(
      "DynamoDB reads",
      countCalls(calls, /^(GetItem|Query|Scan)$/),
      "read units",
      PRICES.dynamoDbReadUnit,
    ),
    line("SES", mails, "mails", PRICES.sesMail),
  ];
  return lines.filter(({ quantity }) => quantity > 0);
}

/** One line of a bill. */
export function line(what: string, quantity: number, unit: string, priceUsd: number): BillLine {
  return { what, quantity, unit, priceUsd, costUsd: quantity * priceUsd };
}

function instanceLines(now: Date, ec2: Ec2): BillLine[] {
  return ec2.regions().flatMap((region) =>
    [...region.instances.values()].flatMap((instance) => {
      const seconds = Math.max(
        60,
        ((instance.terminatedAt ?? now).getTime() - instance.createdAt.getTime()) / 1000,
      );
      const price = PRICES.instanceHour[instance.type] ?? 0;
      return [
        line(`EC2 ${instance.type}, ${region.name}`, seconds, "instance seconds", price / 3600),
        line(`public IPv4 address, ${region.name}`, seconds, "seconds", PRICES.publicIpv4Hour / 3600),
      ];
    }),
  );
}

function volumeLines(now: Date, ec2: Ec2): BillLine[] {
  return ec2.regions().flatMap((region) => {
    const volumes = [...region.volumes.values()].map((one) => ({ ...one, goneAt: now }));
    const gibHours = [...volumes, ...region.past.volumes].reduce(
      (sum, one) => sum + (one.sizeGib * (one.goneAt.getTime() - one.createdAt.getTime())) / 3_600_000,
      0,
    );
    return [line(`EBS gp3, ${region.name}`, gibHours / HOURS_PER_MONTH, "GB-months", PRICES.gp3GibMonth)];
  });
}

function snapshotLines(ec2: Ec2, account: Account): BillLine[] {
  const home = account.regions[0];
  return ec2.regions().flatMap((region) => {
    const gib = [...region.snapshots.values()].reduce((sum, one) => sum + one.sizeGib * WRITTEN_SHARE, 0);
    const kept = line(`snapshots kept a month, ${region.name}`, gib, "GB-months", PRICES.snapshotGibMonth);
    return region.name === home
      ? [kept]
      : [kept, line(`copy to ${region.name}`, gib, "GB transferred", PRICES.interRegionGib)];
  });
}

function countCalls(calls: readonly Call[], operation: RegExp): number {
  return calls.filter((call) => call.service === "dynamodb" && operation.test(call.operation)).length;
}
