import { randomInt } from "node:crypto";
import { mkdir } from "node:fs/promises";
import type { Machine } from "../builder/contract.ts";
import { type Account, openAccount } from "./account.ts";
import { billOf } from "./bill.ts";
import { cloudFormationModel } from "./cloudformation/cloudformation.ts";
import type { Call, Cloud, CloudOptions, Door } from "./contract.ts";
import { openDoor } from "./door.ts";
import { dynamodbModel } from "./dynamodb/dynamodb.ts";
import { Tables } from "./dynamodb/tables.ts";
import { UsedUnits } from "./dynamodb/used-units.ts";
import { registerBuiltImage } from "./ec2/built-image.ts";
import { Ec2 } from "./ec2/ec2.ts";
import { ec2Model } from "./ec2/ec2-model.ts";
import { inventoryOf } from "./inventory.ts";
import { quotasModel } from "./quotas/quotas.ts";
import { Reception } from "./reception.ts";
import { Buckets } from "./s3/buckets.ts";
import { s3Model } from "./s3/s3.ts";
import { Mailbox } from "./ses/mailbox.ts";
import { sesModel } from "./ses/ses.ts";
import { ParameterStore } from "./ssm/parameter-store.ts";
import { ssmModel } from "./ssm/ssm.ts";
import { statesModel } from "./states/states.ts";
import { stsModel } from "./sts/sts.ts";

export { KNOWN_OPERATIONS } from "./known-operations.ts";

/**
 * Starts the rehearsal cloud: a whole AWS account on loopback, empty but for what AWS itself puts into every account
 * and for FreeBSD's public images. Nothing answers until a door is opened.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  await mkdir(options.folder, { recursive: true });
  const doors: Door[] = [];
  const account = openAccount(options, freePort(), async (phase, command) => {
    await doors.at(-1)?.onCall(commandCall(options, reception.calls.length, command), phase);
  });
  const contents = fillAccount(account, options);
  const reception = new Reception(account, contents.models, options.faults ?? []);
  const { ec2, parameters, mailbox, tables, units, buckets } = contents;
  return {
    accountId: account.accountId,
    clock: account.clock,
    sshPort: account.sshPort,
    folder: account.folder,
    openDoor: async (port = 0) => {
      const door = await openDoor(reception, port);
      doors.push(door);
      return door;
    },
    calls: () => reception.calls,
    inventory: () => inventoryOf(account, ec2, parameters, tables, buckets.all()),
    mails: () => mailbox.accepted,
    mailEvents: () => mailbox.events,
    imageTree: (id) => ec2.regions().flatMap((region) => region.images.get(id)?.tree ?? [])[0],
    registerBuiltImage: (region, image) => registerBuiltImage(ec2, region, image),
    machine: (id) => machineOf(ec2, id),
    setHostCondition: (id, condition) => machineOf(ec2, id).setCondition(condition),
    nameAddress: (name, address) => {
      account.names.set(name, address);
    },
    bill: () => billOf(account, ec2, units.total(), buckets.requests, mailbox),
    requestUnits: () => units.byTable(),
    verifyIdentity: (identity) => mailbox.verify(identity),
    setFate: (address, fate) => mailbox.setFate(address, fate),
    close: async () => {
      await Promise.all(doors.map((door) => door.close()));
      await stopMachines(ec2);
      await tables.close();
    },
  };
}

/** The services of an account, each with what it keeps. */
function fillAccount(account: Account, { ses }: CloudOptions) {
  const ec2 = new Ec2(account);
  const parameters = new ParameterStore(account, ec2);
  const mailbox = new Mailbox(account, ses);
  const tables = new Tables();
  const units = new UsedUnits();
  const buckets = new Buckets(account);
  const models = [
    ec2Model(ec2),
    ssmModel(parameters),
    sesModel(mailbox),
    stsModel(account),
    cloudFormationModel(),
    quotasModel(),
    statesModel(account),
    dynamodbModel(tables, units),
    s3Model(buckets),
  ];
  return { ec2, parameters, mailbox, tables, units, buckets, models };
}

/** Below the ephemeral ports of common systems, so that no outgoing connection takes it first. */
function freePort(): number {
  return randomInt(20_000, 30_000);
}

function machineOf(ec2: Ec2, id: string): Machine {
  const instance = ec2
    .regions()
    .flatMap((region) => region.instances.everything().filter((one) => one.id === id))[0];
  if (instance === undefined) throw new Error(`there has never been an instance ${id}`);
  return instance.machine;
}

async function stopMachines(ec2: Ec2): Promise<void> {
  const instances = ec2.regions().flatMap((region) => region.instances.everything());
  await Promise.all(
    instances.filter((one) => one.terminatedAt === undefined).map(({ machine }) => machine.stop()),
  );
}

/**
 * A command on a machine is no call to AWS and is not recorded as one; crash tests want to see it all the same, and
 * see it as one of a pseudo operation of EC2.
 */
function commandCall({ clock }: CloudOptions, index: number, command: string): Call {
  const common = { service: "ec2", operation: "(SSH command)", region: "", caller: "" } as const;
  return { ...common, index, at: clock.now(), resources: [command] };
}
