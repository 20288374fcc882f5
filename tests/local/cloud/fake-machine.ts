import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Machine, MachineSpec, StartMachine } from "../../../local/builder/contract.ts";

/** A machine that behaves, without sshd: its console grows by a line a minute, and its disk holds one file. */
export interface FakeMachine extends Machine {
  readonly spec: MachineSpec;
  readonly events: string[];
}

/** Starts fake machines and remembers them. */
export function fakeMachines(): { readonly startMachine: StartMachine; readonly machines: FakeMachine[] } {
  const machines: FakeMachine[] = [];
  const startMachine: StartMachine = async (spec) => {
    const events: string[] = [];
    const machine: FakeMachine = {
      spec,
      events,
      address: `127.1.0.${machines.length + 1}`,
      hostKey: "",
      root: spec.folder,
      setCondition: async () => undefined,
      consoleOutput: () => {
        const minutes = Math.floor((spec.clock.now().getTime() - spec.launchedAt.getTime()) / 60_000);
        return Array.from({ length: minutes + 1 }, (_, minute) => `minute ${minute}: \xfc\r\n`).join("");
      },
      reboot: async () => {
        events.push("reboot");
      },
      captureDisk: async (target) => {
        events.push("captureDisk");
        await writeFile(join(target, "rc.conf"), `hostname="${spec.instanceId}"\n`);
        return { problems: events.includes("reboot") ? ["the product's first boot ran"] : [] };
      },
      stop: async () => {
        events.push("stop");
      },
    };
    machines.push(machine);
    return machine;
  };
  return { startMachine, machines };
}
