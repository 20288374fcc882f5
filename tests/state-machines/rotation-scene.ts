import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import {
  DeleteParameterCommand,
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { parse } from "yaml";
import { splitAddress } from "#fleet";
import { useLogOutput } from "#platform";
import { dial, readAddress, readKey } from "#spiped";
import { type HostsScene, hostsScene } from "../../local/rehearsal/hosts-scene.ts";
import { type Power, STAGE } from "../../local/rehearsal/stage.ts";

const ROOT = join(import.meta.dirname, "../..");
export const TIME = "2026-11-22T04:00:00.000Z";
export const SSH = "/nightshift/pipes/SSH";
export const MAIL = "/nightshift/pipes/MAIL";
export const SECOND = 1000;

// What a killed run still had under way fails when its stage is taken down; nobody wants to read of it.
useLogOutput(() => undefined);

/** What a scene of a rotation is: hosts, an engine, and a look at keys and doors from outside. */
export interface RotationScene {
  readonly scene: HostsScene;
  readonly power: Power;
  /** Powers another engine up, when the one before is dead. */
  powerUp(): Promise<RotationScene>;
  /** The key in a parameter; undefined: there is none. */
  key(place: "home" | "watch", parameter: string): Promise<string | undefined>;
  putKey(place: "home" | "watch", parameter: string, value: string | undefined): Promise<void>;
  /** Whether a server at an address takes a key. */
  takes(address: string, key: string | undefined): Promise<boolean>;
  /** The record of a key's rotation, as DynamoDB has it. */
  record(pipe: string): Promise<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * The shipped fleet with hosts www, mail and pkg, of which mail is of an image that lets mail in by the pipe MAIL, by which the
 * other two send theirs. No mail server is rehearsed: what listens behind that pipe is another pipe, which is enough for a handshake.
 */
export async function rotationScene(): Promise<RotationScene> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-rotate-"));
  const fleetFile = join(folder, "shipped.yml");
  const fleet = parse(readFileSync(join(ROOT, "fleet.yml"), "utf8"));
  const { mailRelay: _none, ...relay } = structuredClone(fleet.images.base);
  relay.pipes.MAIL = {
    mode: "decrypt",
    source: "0.0.0.0:8025",
    target: "127.0.0.1:8022",
    keyParameter: MAIL,
  };
  fleet.images.relay = relay;
  fleet.hosts.mail.image = "relay";
  writeFileSync(fleetFile, JSON.stringify(fleet));
  const scene = await hostsScene({ root: ROOT, fleetFile, folder, time: new Date(TIME), faults: [] });
  // Checks and pipes name hosts by addresses that only the rehearsed hosts know.
  let text = JSON.stringify(scene.fleet);
  for (const { name, address } of scene.hosts)
    text = text.replaceAll(`${name}.example.org:`, `${splitAddress(address).host}:`);
  scene.stage.changeFleet(JSON.parse(text));
  return open(scene, await scene.stage.powerUp());
}

function open(scene: HostsScene, power: Power): RotationScene {
  const { regions } = scene.stage.fleet;
  const credentials = { accessKeyId: "OWNER", secretAccessKey: "owner" };
  const client = (place: "home" | "watch") => ({
    region: regions[place],
    endpoint: power.door.url,
    credentials,
  });
  const ssm = (place: "home" | "watch") => new SSMClient(client(place));
  return {
    scene,
    power,
    powerUp: async () => open(scene, await scene.stage.powerUp()),
    key: async (place, Name) => {
      try {
        const { Parameter } = await ssm(place).send(new GetParameterCommand({ Name, WithDecryption: true }));
        return Parameter?.Value;
      } catch {
        return undefined;
      }
    },
    putKey: async (place, Name, Value) => {
      if (Value === undefined) await ssm(place).send(new DeleteParameterCommand({ Name }));
      else
        await ssm(place).send(
          new PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true }),
        );
    },
    takes,
    record: async (pipe) => {
      const dynamodb = new DynamoDBClient(client("home"));
      const TableName = `nightshift-${STAGE}-rotations`;
      const { Item = {} } = await dynamodb.send(
        new GetItemCommand({ TableName, Key: { pipe: { S: pipe } } }),
      );
      return Object.fromEntries(Object.entries(Item).map(([name, value]) => [name, value.S ?? ""]));
    },
    close: () => scene.close(),
  };
}

export async function takes(address: string, key: string | undefined): Promise<boolean> {
  if (key === undefined) return false;
  try {
    const pipe = await dial({
      target: readAddress(address),
      key: readKey(Buffer.from(key, "base64")),
      timeoutSeconds: 20,
    });
    pipe.on("error", () => undefined).destroy();
    return true;
  } catch {
    return false;
  }
}

/** The address of a host's door: that of its pipe to sshd, or of another port, `above` it. */
export function doorOf({ scene }: RotationScene, host: string, above = 0, port?: number): string {
  const address = splitAddress(scene.host(host).address);
  return `${address.host}:${(port ?? address.port) + above}`;
}

/** rc.conf of a host. */
export function rcConfOf({ scene }: RotationScene, host: string): string {
  return readFileSync(join(scene.host(host).root, "etc/rc.conf"), "utf8");
}
