import type { RehearsalReport } from "../../local/rehearsal/report.ts";
import { columns, listed } from "./columns.ts";
import { elapsed, simulated } from "./duration.ts";
import { failureWords } from "./failure-words.ts";

/** Columns of the summary. A section's title takes the first 14. */
const WIDTH = 110;
const TITLE = 14;

/** The longest bill. One of an image build fits; a longer one is summed up, so that a summary stays readable. */
const MOST_BILL_LINES = 14;

/**
 * The end of a rehearsal, told to somebody who has never seen one: at most 46 lines, newline at the end. Everything
 * that is cut here is whole in `--json` or in the folder that the last lines name.
 */
export function renderSummary(report: RehearsalReport): string {
  const sections = [
    section("not struck", unstruck(report)),
    section("images", images(report)),
    section("the night", night(report)),
    section("installed", installed(report)),
    section("AWS calls", calls(report)),
    section("list price", price(report)),
    section("left over", leftovers(report)),
    section("look at", lookAt(report)),
  ];
  return `${["", headline(report), "", ...sections.flat()].join("\n")}\n`;
}

function headline(report: RehearsalReport): string {
  const machine = machineOf(report.executionArn);
  const time = `${simulated(report.simulatedSeconds)} simulated in ${elapsed(report.wallSeconds)}`;
  const { error = "", cause = "" } = report;
  const reason = error === "" ? cause : failureWords(error, cause);
  if (report.status === "SUCCEEDED") return `${machine} was rehearsed without failure: ${time}`;
  const what = report.status === "ABORTED" ? "was aborted" : "failed";
  return `${machine} ${what} after ${time}${reason === "" ? "" : `\n  ${reason}`}`;
}

/** "ami-build" from `arn:aws:states:REGION:ACCOUNT:execution:nightshift-STAGE-ami-build:NAME`. */
function machineOf(executionArn: string): string {
  return /:execution:nightshift-[a-z0-9]+-([^:]+):/.exec(executionArn)?.[1] ?? "the run";
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => (index === 0 ? title : "").padEnd(TITLE) + line);
}

function images({ images, recipeHash, imageProblems }: RehearsalReport): string[] {
  const made = columns(Object.entries(images));
  if (made.length === 0) return recipeHash === "" ? [] : ["none"];
  const shown = shorten(made, 5);
  const recipe =
    recipeHash === "" ? [] : [`recipe ${recipeHash.slice(0, 16)}; the same fleet.yml gives the same`];
  return [...shown, ...recipe, ...shorten(imageProblems, 3).map((problem) => `DEFECT: ${problem}`)];
}

/** What was billed, and what somebody should look at. */
function night({ night }: RehearsalReport): string[] {
  if (night === undefined) return [];
  const { day, state, reasons, accounts, revenue, low, suspended, unbilled, writesPerAccount } = night;
  return [
    `${day} is ${state}: ${accounts} accounts were charged ${revenue}`,
    `${low} are low, ${suspended} suspended; ${writesPerAccount.toFixed(2)} write units an account`,
    ...shorten([...reasons, ...unbilled.map((one) => `not charged: ${one}`)], 4),
  ];
}

/** A rehearsal of a fault that never came up has rehearsed nothing of it, and must not pass for one that has. */
function unstruck({ unstruckFaults }: RehearsalReport): string[] {
  return shorten(
    unstruckFaults.map(
      (fault) => `${fault}: ${fault.includes(":") ? "no such call was made" : "it never came up"}`,
    ),
    3,
  );
}

/** Of the resulting image; a run without one has installed nothing that lasts. */
function installed({ images, installed: { packages, services, files } }: RehearsalReport): string[] {
  if (Object.keys(images).length === 0) return [];
  const width = WIDTH - TITLE - 10;
  const rows = [
    [
      "packages",
      listed(
        chosenFirst(packages).map(({ name, version }) => `${name} ${version}`),
        width,
      ),
    ],
    ["on", listed(services.on, width)],
    ["off", listed(services.off, width)],
    ["files", listed(files, width)],
  ];
  return columns(rows.filter(([, text]) => text !== ""));
}

/** What somebody chose comes before the base system's own packages (pkgbase names them FreeBSD-...). */
function chosenFirst<T extends { readonly name: string }>(packages: readonly T[]): T[] {
  const isBase = ({ name }: T) => name.startsWith("FreeBSD-");
  return [...packages.filter((one) => !isBase(one)), ...packages.filter(isBase)];
}

function calls({ calls, transitions }: RehearsalReport): string[] {
  const rows = Object.entries(calls).map(([service, operations]) => {
    const byCount = Object.entries(operations).sort(([, a], [, b]) => b - a);
    const total = byCount.reduce((sum, [, count]) => sum + count, 0);
    const each = byCount.map(([operation, count]) => (count === 1 ? operation : `${operation} x${count}`));
    return [service, String(total), listed(each, WIDTH - TITLE - 20)];
  });
  const and = rows.length === 0 ? "none, and" : "and";
  return [...columns(rows, [1]), `${and} ${transitions} state transition${transitions === 1 ? "" : "s"}`];
}

function price({ bill, costUsd, keeping }: RehearsalReport): string[] {
  const rows = sumUp(bill).map(({ what, quantity, unit, costUsd: line }) => [
    what,
    `${quantity.toLocaleString("en-US", { maximumSignificantDigits: 4 })} ${quantity === 1 ? unit.replace(/s$/, "") : unit}`,
    dollars(line),
  ]);
  const total = ["the same run on AWS", "", dollars(costUsd)];
  const month = `${keeping.gibMonths} GB-months of snapshots`;
  const kept =
    keeping.gibMonths === 0 ? [] : [["and every month, to keep the images", month, dollars(keeping.costUsd)]];
  return columns([...rows, total, ...kept], [2]);
}

/** The smaller items of a long bill as one, so that what is shown still adds up. */
function sumUp(bill: RehearsalReport["bill"]): RehearsalReport["bill"] {
  if (bill.length <= MOST_BILL_LINES) return bill;
  const order = [...bill].sort((a, b) => b.costUsd - a.costUsd);
  const small = order.slice(MOST_BILL_LINES - 1);
  const costUsd = small.reduce((sum, line) => sum + line.costUsd, 0);
  return [
    ...order.slice(0, MOST_BILL_LINES - 1),
    { what: "smaller items", quantity: small.length, unit: "lines", costUsd },
  ];
}

function leftovers({ leftovers, images }: RehearsalReport): string[] {
  const hasImages = Object.keys(images).length > 0;
  const remains = hasImages ? "are the images, their snapshots, pointers and keys" : "is meant to stay";
  if (leftovers.length === 0) return [`nothing: what remains ${remains}`];
  return shorten(columns(leftovers.map(({ type, region, id, name }) => [type, region, id, name])), 4);
}

function lookAt({ artifacts, mails, executionArn, night }: RehearsalReport): string[] {
  const written = mails.map(
    ({ subject, to, file }) => `mail to ${to}: "${cut(subject, 72)}"\n${"".padEnd(TITLE)}  ${file}`,
  );
  return [
    `${artifacts}  (${night === undefined ? "file tree, console log, mail" : "usage, the night's papers, mail"})`,
    ...shorten(written, 2),
    `nightshift show ${executionArn.split(":").at(-1) ?? executionArn}`,
  ];
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 4)} ...`;
}

/** Whole cents mean nothing here: a rehearsal costs some of them. */
function dollars(amountUsd: number): string {
  return `$${amountUsd.toFixed(4)}`;
}

function shorten(lines: readonly string[], most: number): string[] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most - 1), `and ${lines.length - most + 1} more`];
}
