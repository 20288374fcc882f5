import { type Build, keyParameterName } from "./build.ts";
import type { BootedBuilder } from "./check-builder.ts";
import {
  BuilderUnreachableError,
  DiskStillMountedError,
  InspectionFailedError,
  ProvisioningFailedError,
} from "./failures.ts";
import type { BuilderAddress, BuilderShell, InstalledPackage, Secrets } from "./ports.ts";
import {
  inspectionScript,
  parseInspection,
  parsePackages,
  parseStatus,
  parseUnmount,
  startScript,
  statusScript,
  unmountScript,
} from "./recipe/builder-scripts.ts";
import type { ImageRecipe } from "./recipe/image-recipe.ts";
import { WAITS, type Waiting, waitAgain } from "./wait-policy.ts";

/** Seconds for one command on the builder. The script itself runs detached, so that none of these is long. */
const COMMAND_SECONDS = 60;

interface Visit {
  readonly stage: string;
  readonly build: Build;
  readonly builder: BootedBuilder;
}

interface Ports {
  readonly shell: BuilderShell;
  readonly secrets: Secrets;
}

/** Starts the provisioning script, unless it was started already. The pipe keys travel with it over SSH. */
export async function startProvisioning(visit: Visit, recipe: ImageRecipe, ports: Ports): Promise<void> {
  const address = await addressOf(visit, ports.secrets);
  const values = await ports.secrets.read(recipe.secrets.map(({ parameter }) => parameter));
  const keys = new Map(
    recipe.secrets.map(({ path, parameter }) => [path, Buffer.from(values.get(parameter) ?? "", "base64")]),
  );
  await run(ports.shell, address, startScript(recipe, keys, visit.build.id), "start provisioning");
}

export type ProvisioningProgress =
  | { readonly finished: true; readonly step: string }
  | { readonly finished: false; readonly step: string; readonly wait: Waiting };

/**
 * Looks whether the script has ended.
 * @throws ProvisioningFailedError with the failed step and the end of its log; WaitedTooLongError
 */
export async function checkProvisioning(
  visit: Visit,
  look: { attempt: number; now: Date; deadlineAt: string },
  ports: Ports,
): Promise<ProvisioningProgress> {
  const address = await addressOf(visit, ports.secrets);
  const answer = await run(ports.shell, address, statusScript(visit.build.id), "ask for the status");
  const status = parseStatus(answer);
  if (status.state === "running") {
    return {
      finished: false,
      step: status.step,
      wait: waitAgain(WAITS.provisioning, look.attempt, look.now, look.deadlineAt),
    };
  }
  if (status.state === "absent")
    throw new ProvisioningFailedError("the script was never started on this builder");
  if (status.exitStatus !== 0) {
    const how = status.exitStatus < 0 ? "died" : `failed with status ${status.exitStatus}`;
    throw new ProvisioningFailedError(
      `provisioning ${how} in step "${status.step}": ${lastWords(status.logTail)}`,
    );
  }
  return { finished: true, step: status.step };
}

/**
 * Checks on the builder that /mnt is what the recipe says.
 * @returns the packages that are installed there
 * @throws InspectionFailedError naming every check that does not hold
 */
export async function inspectDisk(
  visit: Visit,
  recipe: ImageRecipe,
  ports: Ports,
): Promise<InstalledPackage[]> {
  const address = await addressOf(visit, ports.secrets);
  const answer = await run(ports.shell, address, inspectionScript(recipe), "inspect the disk");
  const failed = parseInspection(recipe, answer).filter(({ holds }) => !holds);
  if (failed.length > 0) {
    const reasons = failed.map(({ name, reason }) => (reason === "" ? name : `${name} (${reason})`));
    throw new InspectionFailedError(`the disk is not what the recipe says: ${reasons.join("; ")}`);
  }
  return parsePackages(answer);
}

/** Unmounts the disk and proves it by the table of mounts. @throws DiskStillMountedError */
export async function unmountDisk(visit: Visit, recipe: ImageRecipe, ports: Ports): Promise<void> {
  const address = await addressOf(visit, ports.secrets);
  const answer = await run(ports.shell, address, unmountScript(recipe), "unmount the disk");
  const { mounted } = parseUnmount(answer);
  if (mounted.length > 0) throw new DiskStillMountedError(`still mounted: ${mounted.join(", ")}`);
}

/** The end of a log on one line; the names of the steps are left out. */
function lastWords(logTail: string): string {
  const lines = logTail.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("==> "));
  return lines.slice(-3).join("; ");
}

async function addressOf({ stage, build, builder }: Visit, secrets: Secrets): Promise<BuilderAddress> {
  const name = keyParameterName(stage, build.id);
  const values = await secrets.read([name]);
  return { host: builder.host, hostKeys: builder.hostKeys, privateKey: values.get(name) ?? "" };
}

async function run(
  shell: BuilderShell,
  address: BuilderAddress,
  script: string,
  what: string,
): Promise<string> {
  const { exitStatus, stdout, stderr } = await shell.run(address, script, COMMAND_SECONDS);
  if (exitStatus !== 0) {
    throw new BuilderUnreachableError(
      `could not ${what}: status ${exitStatus}, ${stderr.trim() || "no message"}`,
    );
  }
  return stdout;
}
