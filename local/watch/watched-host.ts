import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A host that can be watched: a web server, and another port as a pipe would have one. */
export interface WatchedHost {
  /** "127.0.0.1:40123" */
  readonly pipe: string;
  /** "http://127.0.0.1:40124/" */
  readonly url: string;
  /** From now on nothing answers, and nothing refuses: as when power or network fail. */
  goDark(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** Both ports have room for one connection that nobody takes (listen(2), backlog), so that few suffice to fill it. */
const PROGRAM = `
  const page = "<!doctype html><title>Example</title><h1>It works</h1>";
  const web = require("node:http").createServer((_, response) => response.end(page));
  const pipe = require("node:net").createServer((socket) => socket.on("error", () => {}).end());
  const place = { host: "127.0.0.1", port: 0, backlog: 1 };
  web.listen(place, () => pipe.listen(place, () => console.log(web.address().port + " " + pipe.address().port)));
`;

/**
 * Starts a host as a process of its own. Dark is: the process is stopped, and the queues in front of its ports are full, so
 * that Linux drops whoever asks.
 */
export async function startWatchedHost(): Promise<WatchedHost> {
  const child = spawn(process.execPath, ["-e", PROGRAM], { stdio: ["ignore", "pipe", "ignore"] });
  const kill = () => child.kill("SIGKILL"); // a process that is stopped outlives us otherwise
  process.once("exit", kill);
  const [web = 0, pipe = 0] = await portsOf(child);
  let queued: Socket[] = [];
  return {
    pipe: `127.0.0.1:${pipe}`,
    url: `http://127.0.0.1:${web}/`,
    goDark: async () => {
      child.kill("SIGSTOP");
      queued = await Promise.all([web, web, pipe, pipe].map(fill));
    },
    comeBack: async () => {
      for (const socket of queued) socket.destroy();
      child.kill("SIGCONT");
    },
    close: async () => {
      for (const socket of queued) socket.destroy();
      process.off("exit", kill);
      if (child.signalCode !== null) return;
      const gone = once(child, "exit");
      kill();
      await gone;
    },
  };
}

async function portsOf(child: ChildProcess): Promise<number[]> {
  if (child.stdout === null) throw new Error("the host says nothing");
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return line.toString().split(" ").map(Number);
}

async function fill(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return socket.on("error", () => undefined);
}
