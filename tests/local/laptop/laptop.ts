import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type LaptopRun, runOnAws } from "../../../local/laptop/run-on-aws.ts";
import { type RehearsalStage, setStage } from "../../../local/rehearsal/stage.ts";

const root = join(import.meta.dirname, "../../..");
const fleetFile = join(root, "fleet.yml");

/** The instant of every run, and at which every test begins. */
export const TIME = "2026-11-22T04:00:00.000Z";

/** The name of every build's execution. */
export const NAME = "ami-build-by-hand";

/**
 * A laptop in front of AWS: here the rehearsal cloud, found as AWS would be, by the SDK's own settings. Its stage is
 * one that nobody deployed, so that what a deployment makes is missing at first.
 */
export interface Laptop {
  readonly stage: RehearsalStage;
  /** Folder of its executions. */
  readonly folder: string;
  run(changes?: Partial<LaptopRun>): ReturnType<typeof runOnAws>;
  /** Builds in a process of its own, which is killed when it enters that state. */
  buildAndDieAt(state: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens it, in an account that the owner prepared for another stage. */
export async function openLaptop(faults: readonly string[] = []): Promise<Laptop> {
  const home = mkdtempSync(join(tmpdir(), "nightshift-laptop-"));
  const folder = join(home, "laptop");
  const stage = await setStage({ root, fleetFile, folder: home, time: new Date(TIME), faults });
  await stage.powerUp(); // puts endpoint and credentials into the environment
  const build = {
    root,
    machine: "ami-build",
    stage: "laptop",
    input: { image: "base", time: TIME },
    name: NAME,
    fleetFile,
    folder,
  };
  return {
    stage,
    folder,
    run: (changes = {}) => {
      const { signal } = new AbortController();
      return runOnAws({ ...build, signal, onEvent: () => undefined, ...changes });
    },
    buildAndDieAt: (state) => killAt(state, startChild(build)),
    close: async () => {
      await stage.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The run in a process of its own, whose waits take real time. Its clock stands: it will not live long. */
function startChild(build: object): ChildProcess {
  const url = (file: string) => JSON.stringify(pathToFileURL(join(root, file)).href);
  const script = `
    import { useClock } from ${url("layers/platform/index.ts")};
    import { runOnAws } from ${url("local/laptop/run-on-aws.ts")};
    const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));
    useClock({ now: () => new Date(${JSON.stringify(TIME)}), sleep });
    const { signal } = new AbortController();
    const onEvent = (event) => console.log(event.state ?? event.type);
    await runOnAws({ ...${JSON.stringify(build)}, signal, onEvent });
  `;
  return spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
      env: process.env, // jest's own copy, not the process's
    },
  );
}

function killAt(state: string, child: ChildProcess): Promise<void> {
  let seen = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk) => {
      seen += chunk;
      if (seen.split("\n").includes(state)) child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("close", (_, signal) => {
      if (signal === "SIGKILL") resolve();
      else reject(new Error(`the run ended before ${state}: ${seen}`));
    });
  });
}
