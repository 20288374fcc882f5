import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** What packaging makes, or what another run may be making at the same time. */
const LEFT_OUT = ["node_modules", ".git", ".build", ".serverless", ".serverless-watch", ".nightshift"];

/** The functions that infra/watch-urls.yml gives a URL. */
export const WITH_URL = ["receive-delivery", "receive-heartbeat", "receive-keypress", "receive-sms"];

/** A copy of the project to compile or to package. Remove its folder when done. */
export interface ProjectCopy {
  readonly root: string;
  remove(): void;
}

/** Copies the project as it is. */
export function copyProject(): ProjectCopy {
  const root = mkdtempSync(join(tmpdir(), "nightshift-infra-test-"));
  const isWanted = (path: string) => !LEFT_OUT.includes(relative(ROOT, path).split("/")[0] ?? "");
  cpSync(ROOT, root, { recursive: true, filter: isWanted });
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/**
 * Copies the project, and gives the copy whatever of a watch stack it does not have yet: the functions that have URLs,
 * one that a schedule calls every minute, and a machine that another schedule starts.
 */
export function copyWithWatch(): ProjectCopy {
  const copy = copyProject();
  const { root } = copy;
  const isWatched = existsSync(join(root, "functions", "monitor", "handlers"));
  for (const handler of [...WITH_URL, ...(isWatched ? [] : ["tell-contact", "run-checks"])])
    addFunction(root, "monitor", handler);
  if (isWatched) return copy;
  addSchedule(root, "run-checks", `cron: "* * * * ? *", retry: none, function: monitor/run-checks`);
  addSchedule(root, "weekly-drill", `cron: "0 9 ? * MON *", machine: monitor-drill`);
  const state = { Type: "Task", Resource: "$" + "{MonitorTellContactArn}", End: true };
  const machine = { Comment: "A drill", StartAt: "TellContact", States: { TellContact: state } };
  writeFileSync(join(root, "state-machines", "monitor-drill.asl.json"), JSON.stringify(machine));
  return copy;
}

/** Adds a function that does nothing, unless there is one of that name. */
export function addFunction(root: string, domain: string, handler: string): void {
  const folder = join(root, "functions", domain);
  const file = join(folder, "handlers", `${handler}.ts`);
  if (existsSync(file)) return;
  mkdirSync(join(folder, "handlers"), { recursive: true });
  const body = "lambda({ input: z.object({}), services: () => ({}), run: async () => ({}) })";
  writeFileSync(file, `import { lambda, z } from "#platform";\nexport const handler = ${body};\n`);
  const entries = join(folder, "functions.yml");
  const before = existsSync(entries) ? readFileSync(entries, "utf8") : "";
  writeFileSync(entries, `${before}\n${handler}:\n  - { may: [dynamodb:UpdateItem], on: [table/monitor] }\n`);
}

/** Adds a schedule: `text` is what the entry says besides description, time zone and input. */
export function addSchedule(root: string, name: string, text: string): void {
  const file = join(root, "events", "schedules.yml");
  const entry = `  ${name}: { description: of a test, timeZone: UTC, input: {}, ${text} }\n`;
  writeFileSync(file, `${readFileSync(file, "utf8").trimEnd()}\n${entry}`);
}
