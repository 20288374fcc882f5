import { readFileSync } from "node:fs";
import { fleetImage } from "../../functions/ami/fleet-images.ts";
import { inspectionScript, parseInspection } from "../../functions/ami/recipe/builder-scripts.ts";
import type { ImageRecipe } from "../../functions/ami/recipe/image-recipe.ts";
import { inspectTree } from "../builder/inspect-tree.ts";
import { line, STORED_GIB } from "../cloud/bill.ts";
import type { AcceptedMail, BillLine, Call, Resource } from "../cloud/contract.ts";
import { PRICES } from "../cloud/prices.ts";
import { FUNCTION_MEMORY_MIB, type RunningExecution } from "../engine/embedded-engine.ts";
import type { Usage } from "../engine/execution.ts";
import type { ExecutionEvent } from "../engine/execution-event.ts";
import type { Outcome } from "../engine/interpreter.ts";
import { leftoversOf } from "./leftovers.ts";
import type { RehearsalReport } from "./report.ts";
import { type RehearsalStage, STAGE } from "./stage.ts";

export interface Finished {
  readonly stage: RehearsalStage;
  readonly folder: string;
  readonly image: string | undefined;
  readonly night: RehearsalReport["night"];
  /** There are hosts, which the owner has whether there is a run or not. */
  readonly hasHosts: boolean;
  readonly execution: RunningExecution;
  readonly outcome: Outcome;
  readonly events: readonly ExecutionEvent[];
  readonly aborted: boolean;
  readonly simulatedSeconds: number;
  readonly wallSeconds: number;
}

/** Lines of a bill that are about machines and what they stand on. */
const OF_MACHINES = /^(EC2|EBS|public IPv4) /;

/** Gathers what a finished rehearsal shows. */
export async function reportOn(finished: Finished): Promise<RehearsalReport> {
  const { stage, outcome, execution } = finished;
  const images = imagesOf(outcome);
  const resources = await stage.cloud.inventory();
  const used = stage.cloud.bill().filter(({ what }) => !finished.hasHosts || !OF_MACHINES.test(what));
  const bill = [...used, ...serverlessLines(execution.usage)];
  const built = finished.image === undefined ? undefined : fleetImage(stage.fleet, finished.image);
  const imageProblems = built === undefined ? [] : await problemsOf(stage, images, built.recipe);
  const isBroken = outcome.status === "SUCCEEDED" && imageProblems.length > 0;
  return {
    status: finished.aborted ? "ABORTED" : isBroken ? "FAILED" : outcome.status,
    executionArn: execution.executionArn,
    ...(outcome.status === "FAILED" ? { error: outcome.error, cause: outcome.cause } : {}),
    ...(isBroken ? { error: "BrokenImage", cause: imageProblems.join("; ") } : {}),
    images,
    recipeHash: built?.recipe.hash ?? "",
    installed: {
      packages: packagesOf(finished.events),
      services: { on: [...(built?.spec.services.on ?? [])], off: [...(built?.spec.services.off ?? [])] },
      files: (built?.recipe.files ?? []).map(({ path }) => path),
    },
    ...(finished.night === undefined ? {} : { night: finished.night }),
    calls: countCalls(stage.cloud.calls()),
    transitions: execution.usage.transitions,
    simulatedSeconds: finished.simulatedSeconds,
    wallSeconds: finished.wallSeconds,
    costUsd: bill.reduce((sum, { costUsd }) => sum + costUsd, 0),
    bill,
    keeping: keepingCost(finished.hasHosts ? [] : resources),
    unstruckFaults: stage.unstruckFaults(),
    leftovers: leftoversOf(resources).map(({ type, region, id, name }) => ({
      type,
      region,
      id,
      name,
    })),
    imageProblems,
    artifacts: finished.folder,
    mails: stage.cloud.mails().map(describeMail),
  };
}

/** What is wrong with the disks of the images, by what EC2 found and by the recipe's own inspection of the result. */
async function problemsOf(
  stage: RehearsalStage,
  images: Readonly<Record<string, string>>,
  recipe: ImageRecipe,
): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(images).map(async ([region, id]) => {
      const tree = stage.cloud.imageTree(id);
      if (tree === undefined) return [`${region}: there is no image ${id}`];
      const failed = parseInspection(recipe, await inspectTree(tree.folder, inspectionScript(recipe)))
        .filter(({ holds }) => !holds)
        .map(({ name, reason }) => `${name}: ${reason}`);
      return [...tree.problems, ...failed].map((problem) => `${region}: ${problem}`);
    }),
  );
  return found.flat();
}

function imagesOf(outcome: Outcome): Record<string, string> {
  if (outcome.status !== "SUCCEEDED") return {};
  const { images } = outcome.output as { images?: Record<string, string> };
  return images ?? {};
}

function packagesOf(events: readonly ExecutionEvent[]): { name: string; version: string }[] {
  const inspected = events.find((event) => event.type === "stateExited" && event.state === "InspectDisk");
  if (inspected?.type !== "stateExited") return [];
  return (inspected.output as { packages: { name: string; version: string }[] }).packages;
}

/** Calls of the stage's own functions; what the owner did beforehand is not part of the run. */
function countCalls(calls: readonly Call[]): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { service, operation, caller } of calls) {
    if (!caller.startsWith(`nightshift-${STAGE}-`)) continue;
    const ofService = counts[service] ?? {};
    ofService[operation] = (ofService[operation] ?? 0) + 1;
    counts[service] = ofService;
  }
  return counts;
}

function keepingCost(resources: readonly Resource[]): { gibMonths: number; costUsd: number } {
  const gibMonths = resources.filter(({ type }) => type === "snapshot").length * STORED_GIB;
  return { gibMonths, costUsd: gibMonths * PRICES.snapshotGibMonth };
}

function serverlessLines(usage: Usage): BillLine[] {
  const gibSeconds = (usage.billedMilliseconds / 1000) * (FUNCTION_MEMORY_MIB / 1024);
  return [
    line("Step Functions", usage.transitions, "state transitions", PRICES.stateTransition),
    line("Lambda requests", usage.invocations, "requests", PRICES.lambdaRequest),
    line("Lambda arm64", gibSeconds, "GB-seconds", PRICES.lambdaGibSecond),
  ];
}

function describeMail(mail: AcceptedMail): { subject: string; to: string; file: string } {
  // A long one is folded: its lines after the first begin with white space (RFC 5322, section 2.2.3).
  const folded = /^Subject: (.*(?:\r?\n[ \t].*)*)/im.exec(readFileSync(mail.file, "utf8"))?.[1] ?? "";
  const subject = folded.replaceAll(/\r?\n/g, "").trimEnd();
  return { subject, to: mail.destinations.join(", "), file: mail.file };
}
