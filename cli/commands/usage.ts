import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { Manifest } from "../../functions/billing/usage/manifest.ts";
import { readDay } from "../choose.ts";
import type { Deps } from "../deps.ts";
import { loadFleet } from "../load-fleet.ts";
import { nearPath } from "../near-path.ts";
import { OperatorError } from "../operator-error.ts";

const EXAMPLES = `
Examples:
  nightshift usage pack --day 2026-11-22 --out usage/2026-11-22 < usage.jsonl
  nightshift usage check usage/2026-11-22
  aws s3 cp --recursive --exclude manifest.json usage/2026-11-22 s3://BUCKET/usage/2026-11-22/
  aws s3 cp usage/2026-11-22/manifest.json s3://BUCKET/usage/2026-11-22/manifest.json

A line of usage.jsonl is an account, with whole bytes as text:
  {"account":"a1","storedBytes":"1000","bytesIn":"0","bytesOut":"5"}

The manifest goes last: without it the day is not billed. docs/usage.md has the format, for a writer of your own.`;

interface PackOptions {
  readonly day: string;
  readonly from: string;
  readonly out?: string;
  readonly accountsPerPart?: string;
  readonly replace?: true;
  readonly fleet?: string;
  readonly json?: true;
}

/** `nightshift usage pack` and `check`: the files by which the service reports what was used. */
export function register(program: Command, deps: Deps): void {
  const usage = program
    .command("usage")
    .summary("pack and check the files by which the service reports usage")
    .description("Packs a day's usage for billing-nightly, or checks it as the night will.")
    .addHelpText("afterAll", EXAMPLES);

  usage
    .command("pack")
    .summary("make parts and manifest of JSON lines")
    .requiredOption("--day <day>", "the day that it is about, of UTC")
    .option("--from <file>", "JSON lines, one per account; - for standard input", "-")
    .option("--out <folder>", "where the files go (default: usage/DAY)")
    .option("--accounts-per-part <count>", "how many accounts a part holds (default: 25000)")
    .option("--replace", "overwrite other usage of that day")
    .option("--fleet <file>", "another fleet file")
    .option("--json", "print the manifest and nothing else")
    .action((options: PackOptions) => pack(deps, options));

  usage
    .command("check <folder>")
    .summary("check a day's files as the night will")
    .option("--fleet <file>", "another fleet file")
    .option("--json", "print the manifest and nothing else")
    .action(async (folder: string, options: Pick<PackOptions, "fleet" | "json">) => {
      const { checkUsage } = await import("../../local/usage/usage-folder.ts");
      const manifest = await told(() => checkUsage(resolve(folder)));
      await tell(deps, manifest, folder, options);
    });
}

async function pack(deps: Deps, options: PackOptions): Promise<void> {
  const { linesOf } = await import("../../local/usage/usage-folder.ts");
  const { writeUsage } = await import("../../local/usage/usage-writer.ts");
  const day = await readDay(options.day);
  const out = options.out ?? join("usage", day);
  const lines = linesOf(options.from === "-" ? process.stdin : resolve(options.from));
  const accountsPerPart = readCount(options.accountsPerPart);
  const replace = options.replace === true;
  const manifest = await told(() =>
    writeUsage(day, lines, resolve(out), {
      replace,
      ...(accountsPerPart === undefined ? {} : { accountsPerPart }),
    }),
  );
  await tell(deps, manifest, out, options);
}

/** What is wrong with usage is the operator's to put right, not a bug of ours. */
async function told<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { name, syscall, message } = error as { name?: unknown; syscall?: unknown; message?: unknown };
    const isTheirs = ["CorruptPartError", "UsageManifestError", "UsageRefusedError"].includes(String(name));
    const isOfFiles = typeof syscall === "string"; // no such file, a folder instead of one, no room left
    if (!isTheirs && !isOfFiles) throw error;
    throw new OperatorError(String(message), "docs/usage.md has the format.", { cause: error });
  }
}

async function tell(
  deps: Deps,
  manifest: Manifest,
  folder: string,
  { fleet, json }: Pick<PackOptions, "fleet" | "json">,
): Promise<void> {
  const { formatManifest } = await import("../../local/usage/usage-writer.ts");
  if (json === true) return void deps.out.write(`${formatManifest(manifest)}\n`);
  const grouped = (count: bigint | number) => count.toLocaleString("en-US");
  const lines = [
    `usage of ${manifest.day}: ${grouped(manifest.accounts)} accounts in ${manifest.parts.length} parts`,
    `  stored  ${grouped(manifest.storedBytes)} bytes`,
    `  in      ${grouped(manifest.bytesIn)} bytes`,
    `  out     ${grouped(manifest.bytesOut)} bytes`,
    `  comes to ${await billOf(deps, manifest, fleet)}`,
    `  lies in ${nearPath(resolve(folder))}`,
  ];
  deps.out.write(`${lines.join("\n")}\n`);
}

/** What a day will bring by fleet.yml, in words. Who only writes usage need not have that file. */
async function billOf(deps: Deps, manifest: Manifest, fleet: string | undefined): Promise<string> {
  const file = fleet ?? deps.workspace.fleetFile;
  if (fleet === undefined && !existsSync(file)) return `what fleet.yml says, which is not here`;
  const { billing } = await loadFleet(resolve(file));
  if (billing === undefined) return "nothing: fleet.yml has no section billing";
  if (manifest.day < billing.since)
    return `nothing: days are billed from ${billing.since} on (fleet.yml, since)`;
  const { chargeFor, formatDollars } = await import("#ledger");
  const { ratesFor } = await import("../../functions/billing/terms.ts");
  const { total } = chargeFor(manifest, ratesFor(billing, manifest.day));
  return `${formatDollars(total)} at that day's tariff`;
}

function readCount(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,5}$/.test(text) && Number(text) <= 100_000) return Number(text);
  throw new OperatorError(`--accounts-per-part ${text} is no count`, "It is a number from 1 to 100000.");
}
