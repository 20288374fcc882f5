import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Power } from "../../local/rehearsal/stage.ts";
import type { Theatre } from "./walked-run.ts";

/** Where and how a build dies. */
export interface Death {
  /** The state on whose entry the power fails. */
  readonly state: string;
  readonly input: { readonly image: string; readonly time: string };
  readonly name: string;
  /** Whether the process that ran it still exists, so that Step Functions would call it running. */
  readonly processLives: boolean;
}

/** Starts a build, lets the power fail in the middle of it, and switches the machine on again. */
export async function buildAndDie(theatre: Theatre, death: Death): Promise<Power> {
  const { engine, door } = theatre.power;
  let die = (): void => undefined;
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const execution = await engine.start("ami-build", death.name, death.input, (event) => {
    if (event.type !== "stateEntered" || event.state !== death.state) return;
    door.freeze();
    die();
  });
  await died;
  execution.kill();
  if (!death.processLives) forgetProcess(theatre, death.name);
  return theatre.stage.powerUp();
}

/** The run's record, as if a process had written it that does not exist any more. */
function forgetProcess({ stage }: Theatre, name: string): void {
  const file = join(stage.executionsFolder, name, "execution.json");
  const record = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...record, pid: 2 ** 30 })); // above any system's largest process id
}
