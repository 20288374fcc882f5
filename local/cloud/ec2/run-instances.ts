import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { newId } from "../account.ts";
import { type Params, text } from "../form.ts";
import { checkLaunch, type Launch } from "./check-launch.ts";
import { describeReservation } from "./describe-instances.ts";
import type { Ec2 } from "./ec2.ts";
import { onceByToken } from "./idempotency.ts";
import type { Region } from "./region.ts";
import type { Instance, Volume } from "./resources.ts";

/** RunInstances: checks everything before anything is made, as EC2 does. */
export async function runInstances(ec2: Ec2, region: Region, params: Params) {
  const ids = await onceByToken(region, "RunInstances", params, async () => {
    const launch = checkLaunch(ec2, region, params);
    const reservationId = newId("r");
    const made: string[] = [];
    for (let index = 0; index < launch.count; index += 1) {
      made.push((await startInstance(ec2, region, params, launch, reservationId, index)).id);
    }
    return made;
  });
  // A token that is used again shows the same instances as they are now, also when they are terminated since.
  const instances = region.instances.everything().filter(({ id }) => ids.includes(id));
  return describeReservation(ec2.account, region, instances);
}

async function startInstance(
  ec2: Ec2,
  region: Region,
  params: Params,
  launch: Launch,
  reservationId: string,
  launchIndex: number,
): Promise<Instance> {
  const id = newId("i");
  const createdAt = ec2.account.clock.now();
  // Started first: an instance that could not be started must not be left behind.
  const machine = await startMachine(ec2, region, id, createdAt, launch);
  const volumes = makeVolumes(region, launch, id, createdAt);
  const { image, type, metadataOptions, shutdownBehavior } = launch;
  return region.instances.add({
    id,
    createdAt,
    goneAt: undefined,
    tags: { ...launch.instanceTags },
    image,
    type,
    metadataOptions,
    shutdownBehavior,
    arch: image.arch,
    keyName: launch.pair?.name,
    securityGroupIds: launch.groups,
    subnetId: launch.zone.subnetId,
    zone: launch.zone.name,
    reservationId,
    launchIndex,
    clientToken: text(params, "ClientToken"),
    privateAddress: `172.31.0.${10 + (region.instances.everything().length % 240)}`,
    disks: launch.disks.map(({ deviceName, deleteOnTermination }, index) => ({
      deviceName,
      deleteOnTermination,
      volumeId: volumes[index]?.id ?? "",
    })),
    machine,
    terminatedAt: undefined,
  });
}

function makeVolumes(region: Region, launch: Launch, instanceId: string, createdAt: Date): Volume[] {
  return launch.disks.map(({ sizeGib, type, snapshotId, initializationRate }) =>
    region.volumes.add({
      id: newId("vol"),
      createdAt,
      goneAt: undefined,
      tags: { ...launch.volumeTags },
      sizeGib,
      type,
      zone: launch.zone.name,
      snapshotId,
      initializationRate,
      instanceId,
    }),
  );
}

async function startMachine({ account }: Ec2, region: Region, id: string, launchedAt: Date, launch: Launch) {
  const folder = join(account.folder, "machines", id);
  await mkdir(folder, { recursive: true });
  const { release, arch, flavour, filesystem } = launch.image;
  const isBuilder = launch.image.tree === undefined; // FreeBSD's own image; hosts are launched from built ones
  return await account.startMachine({
    instanceId: id,
    region: region.name,
    launchedAt,
    image: { release, arch, flavour, filesystem },
    tree: launch.image.tree?.folder,
    resolve: (name) => account.names.get(name),
    authorizedKey: launch.pair?.publicKey,
    volumeInitializationRateMibPerSecond: launch.disks[0]?.initializationRate,
    folder,
    sshPort: account.sshPort,
    clock: account.clock,
    faults: isBuilder
      ? {
          neverBoots: account.situations.has("builder-never-boots"),
          hostKeyMismatch: account.situations.has("host-key-mismatch"),
          packagesUnreachable: account.situations.has("packages-unreachable"),
        }
      : {},
    onCommand: account.onCommand,
  });
}
