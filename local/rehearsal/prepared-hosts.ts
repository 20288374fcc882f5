import { EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { type Fleet, findImage, pipeToSshd, splitAddress } from "#fleet";
import { PLACES, regionOf } from "../../infra/place.ts";
import type { HostCondition } from "../host/condition.ts";
import { CONDITIONS } from "../host/conditions.ts";
import { hostImages, type ImageOrigin } from "./host-images.ts";
import { errandKeyOf, errandsOf, pipeKeyOf, withErrandKeys } from "./host-keys-of-fleet.ts";
import { HOST_TAG } from "./leftovers.ts";
import type { ClientOptions } from "./prepared-account.ts";
import type { RehearsalStage } from "./stage.ts";

/** Longer than any boot takes. */
const BOOT_MILLISECONDS = 180_000;

/** A host of a rehearsal, as an onlooker sees it. */
export interface RehearsedHost {
  readonly name: string;
  readonly instanceId: string;
  /** host:port of its pipe to sshd, as the fleet has it now. */
  readonly address: string;
  /** Folder of its tree. */
  readonly root: string;
  /** Changes how it is, from now on. */
  setCondition(condition: HostCondition): Promise<void>;
}

/**
 * Does for the hosts of a fleet what the owner does: makes the keys of the errands and of the pipes, launches each host
 * from its image, and pins its address and its host key. Three simulated minutes pass, in which the hosts boot, and with
 * `built` as long as the builds take. Power the engine up afterwards: functions read the fleet once.
 */
export async function prepareHosts(
  stage: RehearsalStage,
  conditions: Readonly<Record<string, HostCondition>> = {},
  origin: ImageOrigin = "imported",
): Promise<RehearsedHost[]> {
  stage.changeFleet(withErrandKeys(stage.fleet));
  const door = await stage.cloud.openDoor();
  const clientIn = (region: string): ClientOptions => ({
    region,
    endpoint: door.url,
    credentials: { accessKeyId: "OWNER", secretAccessKey: "owner" },
  });
  await putKeys(stage.fleet, clientIn);
  const { home } = stage.fleet.regions;
  const names = [...new Set(Object.values(stage.fleet.hosts).map(({ image }) => image))];
  const images = await hostImages(stage, origin, names, clientIn(home));
  const instances = await launchHosts(stage.fleet, images, clientIn(home));
  await door.close();
  const hosts = [...instances].map(([name, id]) => rehearsedHost(stage, name, id));
  const asked = situationConditions(stage, [...instances.keys()]);
  for (const { name, setCondition } of hosts) {
    const condition = { ...asked[name], ...conditions[name] };
    if (Object.keys(condition).length > 0) await setCondition(condition);
  }
  await stage.clock.sleep(BOOT_MILLISECONDS);
  pin(stage, hosts);
  return hosts;
}

/** What `--fault` makes of the hosts, by their names. */
function situationConditions(
  { situations, fleet }: RehearsalStage,
  names: readonly string[],
): Record<string, HostCondition> {
  const conditions = new Map<string, HostCondition>();
  const add = (name: string | undefined, condition: HostCondition) => {
    if (name !== undefined) conditions.set(name, { ...conditions.get(name), ...condition });
  };
  if (situations.includes("updates-pending"))
    for (const name of names) add(name, pendingUpdates(fleet, fleet.hosts[name]?.image ?? ""));
  if (situations.includes("host-key-changed")) add(names[0], CONDITIONS["other-host-key"]);
  if (situations.includes("host-dark")) add(names.at(-1), CONDITIONS.dark);
  return Object.fromEntries(conditions);
}

/** Updates of the base system, in the way of its release, and of packages, one of which is vulnerable. */
function pendingUpdates(fleet: Fleet, imageName: string): HostCondition {
  const isOfPackages = Number.parseInt(findImage(fleet, imageName).release, 10) >= 15;
  return { ...CONDITIONS[isOfPackages ? "base-pending-15" : "base-pending-14"], ...CONDITIONS.vulnerable };
}

/** Pipes' keys lie in both regions, those of errands at home. */
async function putKeys(fleet: Fleet, clientIn: (region: string) => ClientOptions): Promise<void> {
  const images = Object.values(fleet.images);
  const parameters = images.flatMap(({ pipes }) => Object.values(pipes).map((pipe) => pipe.keyParameter));
  for (const place of PLACES) {
    const ssm = new SSMClient(clientIn(regionOf(place, fleet.regions)));
    const put = (Name: string, Value: string) =>
      ssm.send(new PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true }));
    const keys = [...new Set(parameters)].map((parameter) => put(parameter, pipeKeyOf(parameter)));
    const errands = place === "home" ? errandsOf(fleet) : [];
    await Promise.all([
      ...keys,
      ...errands.map(({ errand, parameter }) => put(parameter, errandKeyOf(errand).private)),
    ]);
    ssm.destroy();
  }
}

/** Launches each host, all at once. Returns the ids of their instances by name. */
async function launchHosts(
  fleet: Fleet,
  images: ReadonlyMap<string, string>,
  client: ClientOptions,
): Promise<Map<string, string>> {
  const ec2 = new EC2Client(client);
  const launch = async (name: string, image: string): Promise<[string, string]> => {
    const { arch } = findImage(fleet, image);
    const Tags = Object.entries({ Name: name, [HOST_TAG]: name }).map(([Key, Value]) => ({ Key, Value }));
    const { Instances = [] } = await ec2.send(
      new RunInstancesCommand({
        ImageId: images.get(image),
        InstanceType: arch === "arm64" ? "t4g.micro" : "t3.micro",
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: (["instance", "volume"] as const).map((ResourceType) => ({ ResourceType, Tags })),
      }),
    );
    return [name, Instances[0]?.InstanceId ?? ""];
  };
  const ids = await Promise.all(Object.entries(fleet.hosts).map(([name, { image }]) => launch(name, image)));
  ec2.destroy();
  return new Map(ids);
}

function rehearsedHost({ cloud, fleet }: RehearsalStage, name: string, instanceId: string): RehearsedHost {
  const machine = cloud.machine(instanceId);
  const [, pipe] = pipeToSshd(findImage(fleet, fleet.hosts[name]?.image ?? "")) ?? [];
  const { port } = splitAddress(pipe?.source ?? ":0");
  return {
    name,
    instanceId,
    address: `${machine.address}:${port}`,
    root: machine.root,
    setCondition: (condition) => machine.setCondition(condition),
  };
}

/**
 * Writes into the fleet where the hosts are and who they are, in checks as well, and lets other hosts find them by their former
 * names.
 */
function pin({ cloud, fleet, changeFleet }: RehearsalStage, hosts: readonly RehearsedHost[]): void {
  const moved = new Map<string, string>();
  const pinned = hosts.map(({ name, address, instanceId }) => {
    const former = fleet.hosts[name];
    const machine = cloud.machine(instanceId);
    cloud.nameAddress(splitAddress(former?.address ?? "").host, machine.address);
    moved.set(former?.address ?? "", address);
    return [name, { image: former?.image ?? "", address, hostKey: machine.hostKey }] as const;
  });
  const monitor =
    fleet.monitor === undefined ? {} : { monitor: { ...fleet.monitor, checks: relocated(fleet, moved) } };
  changeFleet({ ...fleet, ...monitor, hosts: Object.fromEntries(pinned) });
}

function relocated({ monitor }: Fleet, moved: ReadonlyMap<string, string>) {
  const checks = Object.entries(monitor?.checks ?? {}).map(([name, check]) => {
    const address = "address" in check ? moved.get(check.address) : undefined;
    return [name, address === undefined ? check : { ...check, address }] as const;
  });
  return Object.fromEntries(checks);
}
