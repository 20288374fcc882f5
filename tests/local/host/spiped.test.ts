import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { splitAddress } from "#fleet";
import { dial, readKey, serve } from "#spiped";
import { pipeKeyOf } from "../../../local/rehearsal/host-keys-of-fleet.ts";
import { type HostsScene, hostsScene } from "../../../local/rehearsal/hosts-scene.ts";
import { runErrand } from "./on-host.ts";

const ROOT = join(import.meta.dirname, "../../..");
const KEY = readKey(Buffer.from(pipeKeyOf("/nightshift/pipes/SSH"), "base64"));
const open: (() => unknown)[] = [];

let scene: HostsScene;
beforeEach(async () => {
  scene = await hostsScene({
    ...{ root: ROOT, fleetFile: join(ROOT, "fleet.yml"), faults: [] },
    time: new Date("2026-11-27T05:00:00.000Z"),
    folder: mkdtempSync(join(tmpdir(), "nightshift-spiped-")),
  });
  // The program of an errand that does what it is told, to try things as root.
  const { root } = scene.host("www");
  const program = join(root, "usr/local/libexec/nightshift/pipes");
  writeFileSync(program, '#!/bin/sh\ncd "$NIGHTSHIFT_ROOT"\neval "$SSH_ORIGINAL_COMMAND"\n');
});
afterEach(() => scene.close());
afterAll(async () => {
  for (const close of open) await close();
});

/** Runs something as root on www, through its pipe. */
async function sh(command: string) {
  const { exitStatus, stdout, stderr } = await runErrand(scene, "www", "tunnels", undefined, command);
  return { status: exitStatus, said: `${stdout}${stderr}` };
}

function greeting(port?: number): Promise<string> {
  const { host, port: usual } = splitAddress(scene.host("www").address);
  return bannerOf(dial({ target: { host, port: port ?? usual }, key: KEY, timeoutSeconds: 2 }));
}

async function bannerOf(dialled: Promise<Duplex>): Promise<string> {
  const stream = await dialled.catch((error: Error) => error.name);
  if (typeof stream === "string") return stream;
  stream.on("error", () => undefined);
  const [first] = await once(stream, "data");
  stream.destroy();
  return String(first).slice(0, 8);
}

const SECOND =
  "usr/local/bin/spiped -d -s '[0.0.0.0]:9022' -t '[127.0.0.1]:22' -k $PWD/usr/local/etc/spiped/SSH.key " +
  "-D -g -u spiped:spiped -p $PWD/var/run/spiped_SSH_next.pid";

describe("spiped on a host", () => {
  it("runs once for each pipe of rc.conf, as a process with a pid file and options", async () => {
    const { said } = await sh(
      "for p in MAIL PKG SSH; do ps -ww -o args= -p $(cat var/run/spiped_$p.pid); done",
    );
    const lines = said.trimEnd().split("\n");
    expect(lines.map((line) => / (-[de]) -s (\S+) /.exec(line)?.slice(1))).toEqual([
      ["-e", "[127.0.0.1]:8025"],
      ["-e", "[127.0.0.1]:8080"],
      ["-d", "[0.0.0.0]:8022"],
    ]);
    expect(lines.every((line) => line.includes("spiped"))).toBe(true);
  });

  it("can be started for a second port, and ended by its pid", async () => {
    expect(await greeting(9022)).toBe("SpipedConnectError");
    expect(await sh(SECOND)).toEqual({ status: 0, said: "" });
    expect(await greeting(9022)).toBe("SSH-2.0-");
    await sh("kill $(cat var/run/spiped_SSH_next.pid); sleep 0.2");
    expect(await greeting(9022)).toBe("SpipedConnectError");
    expect(await greeting()).toBe("SSH-2.0-"); // and nobody else
  });

  it("with -D does not say that its port is taken: the pid file is that of a process that is gone", async () => {
    await sh(SECOND);
    const again = SECOND.replace("SSH_next.pid", "again.pid");
    expect(await sh(again)).toEqual({ status: 0, said: "" });
    const { said } = await sh("sleep 0.2; ps -o args= -p $(cat var/run/spiped_again.pid) || echo gone");
    expect(said).toBe("gone\n");
    expect(await greeting(9022)).toBe("SSH-2.0-");
    expect(await sh(again.replace("-D ", ""))).toMatchObject({
      status: 1,
      said: expect.stringMatching(/^spiped: .*EADDRINUSE/),
    });
  });

  it("without -D says that there is no key, and with it nothing", async () => {
    const keyless = SECOND.replace("SSH.key", "NONE.key");
    expect(await sh(keyless)).toEqual({ status: 0, said: "" });
    expect((await sh(keyless.replace("-D ", ""))).status).toBe(1);
    expect((await sh("usr/local/bin/spiped -x")).said).toContain("usage: spiped");
  });

  it("at SIGTERM lets connections end, takes no more, and keeps its port until then", async () => {
    await sh(SECOND);
    const { host } = splitAddress(scene.host("www").address);
    const stream = await dial({ target: { host, port: 9022 }, key: KEY });
    stream.on("error", () => undefined);
    await once(stream, "data");
    const alive = "kill -0 $(cat var/run/spiped_SSH_next.pid) && echo alive";
    expect(await sh(`kill $(cat var/run/spiped_SSH_next.pid); sleep 0.2; ${alive}`)).toMatchObject({
      said: "alive\n",
    });
    expect(await greeting(9022)).toBe("SpipedHandshakeTimeoutError");
    stream.destroy();
    expect(await sh(`sleep 0.3; ${alive} || echo ended`)).toMatchObject({
      said: expect.stringMatching(/^ended\n/),
    });
  });

  it("at SIGKILL breaks its connections", async () => {
    await sh(SECOND);
    const { host } = splitAddress(scene.host("www").address);
    const stream = await dial({ target: { host, port: 9022 }, key: KEY });
    const broken = once(stream, "error");
    stream.resume();
    await sh("kill -9 $(cat var/run/spiped_SSH_next.pid)");
    expect(await broken).toHaveLength(1);
  });

  it("leads out, to where the name of its target is now", async () => {
    const plain = createServer((socket) => socket.end("220 mail\r\n")).listen(0, "127.0.0.1");
    await once(plain, "listening");
    open.push(() => plain.close());
    const { port } = plain.address() as AddressInfo;
    const mail = readKey(Buffer.from(pipeKeyOf("/nightshift/pipes/MAIL"), "base64"));
    // The fleet's target is mail.example.org:8025, and the host of that name is at an address of its own.
    const source = { host: splitAddress(scene.host("mail").address).host, port: 8025 };
    await scene.host("mail").setCondition({ misbehaves: "dark" }); // its own pipe MAIL has that port
    const server = await serve({
      source,
      target: { host: "127.0.0.1", port },
      key: mail,
    });
    open.push(() => server.close());
    const { host } = splitAddress(scene.host("www").address);
    const client = connect({ host, port: 8025 });
    const [line] = await once(client, "data");
    client.destroy();
    expect(String(line)).toBe("220 mail\r\n");
  });

  it("starts again what rc.conf lists when the host reboots", async () => {
    const before = readFileSync(join(scene.host("www").root, "var/run/spiped_SSH.pid"), "utf8");
    await sh("sysrc spiped_pipes='SSH' >/dev/null");
    await scene.stage.cloud.machine(scene.host("www").instanceId).reboot();
    expect(await greeting()).toBe("SpipedConnectError");
    await scene.stage.clock.sleep(120_000);
    expect(await greeting()).toBe("SSH-2.0-");
    expect(readFileSync(join(scene.host("www").root, "var/run/spiped_SSH.pid"), "utf8")).not.toBe(before);
    expect((await sh("ps -o args= -p $(cat var/run/spiped_PKG.pid) || echo gone")).said).toBe("gone\n");
  });
});
