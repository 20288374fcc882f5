import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { Rendered } from "../../functions/mail/templates/render-notice.ts";
import type { Sample } from "../../functions/mail/templates/samples.ts";
import type { Deps } from "../deps.ts";
import { loadFleet } from "../load-fleet.ts";
import { nearPath } from "../near-path.ts";
import { OperatorError } from "../operator-error.ts";
import { type RunOptions, startRun } from "../start-run.ts";
import { withRunOptions } from "./run.ts";

const EXAMPLES = `
Examples:
  nightshift mail preview                                 which mails are there?
  nightshift mail preview balance-low                     one of them as text
  nightshift mail preview balance-low --html > low.html   and as HTML
  nightshift mail preview --out previews                  all of them, as files of both forms
  nightshift mail lift somebody@example.net               write to an address again that bounced or complained

Facts are made up; what is said about the service is fleet.yml's.`;

interface PreviewOptions {
  readonly html?: true;
  readonly out?: string;
  readonly fleet?: string;
  readonly json?: true;
}

/** A sample as it would go out. */
interface Preview extends Rendered {
  readonly name: string;
}

/** `nightshift mail …`: what customers and owner get to read, and lifting a suppression. */
export function register(program: Command, deps: Deps): void {
  const mail = program
    .command("mail")
    .summary("preview the mails that customers and owner get; lift a suppression")
    .description("Shows the mails that nightshift writes to customers and owner.")
    .addHelpText("after", EXAMPLES);

  mail
    .command("preview [mail]")
    .summary("show a mail with made-up facts, or list all mails")
    .description("Shows a mail with made-up facts. Without a name it lists all mails that there are.")
    .option("--html", "print the HTML form")
    .option("--out <folder>", "write files of both forms instead, of all mails or of the one that is named")
    .option("--fleet <file>", "another fleet file")
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES)
    .action((name: string | undefined, options: PreviewOptions) => preview(deps, name, options));

  withRunOptions(mail.command("lift <address>"))
    .summary("write again to an address that bounced or complained")
    .description(
      "Takes an address off our list of those that bounced or complained. SES keeps a list of its own.",
    )
    .action((address: string, options: RunOptions) => startRun(deps, "mail-lift", { address }, options));
}

async function preview(deps: Deps, name: string | undefined, options: PreviewOptions): Promise<void> {
  const { SAMPLES } = await import("../../functions/mail/templates/samples.ts");
  const chosen = name === undefined ? SAMPLES : [await requireSample(SAMPLES, name)];
  if (options.out !== undefined) {
    const files = writePreviews(resolve(options.out), await render(deps, chosen, options.fleet));
    return tell(deps, options, { files }, `Written:\n${files.map((file) => `  ${file}\n`).join("")}`);
  }
  if (name === undefined) {
    if (options.html)
      throw new OperatorError("--html shows one mail", "Name one, or give --out for all of them.");
    const mails = SAMPLES.map((sample) => ({ name: sample.name, shows: sample.shows }));
    return tell(deps, options, mails, listOf(SAMPLES));
  }
  for (const one of await render(deps, chosen, options.fleet))
    tell(deps, options, one, options.html ? one.html : withSubject(one));
}

async function requireSample(samples: readonly Sample[], name: string): Promise<Sample> {
  const found = samples.find((sample) => sample.name === name);
  if (found !== undefined) return found;
  const { nearest } = await import("#fleet");
  const known = samples.map((sample) => sample.name);
  const meant = nearest(name, known);
  const hint = meant === undefined ? "" : `Did you mean "${meant}"? `;
  throw new OperatorError(`no mail "${name}"`, `${hint}There are: ${known.join(", ")}.`);
}

/** @throws OperatorError when the fleet has no customers */
async function render(deps: Deps, samples: readonly Sample[], fleet: string | undefined): Promise<Preview[]> {
  const file = resolve(fleet ?? deps.workspace.fleetFile);
  const { billing } = await loadFleet(file);
  if (billing === undefined)
    throw new OperatorError(
      `${nearPath(file)} has no section billing, so there are no customers to write to`,
      "Add one (nightshift's own fleet.yml has an example), or name another file with --fleet.",
    );
  const [{ renderNotice }, { sampleNotice }] = await Promise.all([
    import("../../functions/mail/templates/render-notice.ts"),
    import("../../functions/mail/templates/samples.ts"),
  ]);
  return samples.map((sample) => ({ name: sample.name, ...renderNotice(sampleNotice(sample), billing) }));
}

/** @throws OperatorError when the folder cannot be written to */
function writePreviews(folder: string, previews: readonly Preview[]): string[] {
  try {
    mkdirSync(folder, { recursive: true });
    return previews.flatMap(({ name, ...mail }) =>
      Object.entries({ txt: withSubject(mail), html: mail.html }).map(([ending, content]) => {
        const file = join(folder, `${name}.${ending}`);
        writeFileSync(file, content);
        return nearPath(file);
      }),
    );
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new OperatorError(
      `cannot write to ${nearPath(folder)}: ${why}`,
      "Name another folder with --out.",
      {
        cause,
      },
    );
  }
}

function withSubject({ subject, text }: Rendered): string {
  return `Subject: ${subject}\n\n${text}`;
}

function listOf(samples: readonly Sample[]): string {
  const width = samples.reduce((most, { name }) => Math.max(most, name.length), 0);
  const lines = samples.map(({ name, shows }) => `${name.padEnd(width)}  ${shows}\n`);
  return `${lines.join("")}\nTo see one: nightshift mail preview ${samples[0]?.name}\n`;
}

function tell(deps: Deps, { json }: PreviewOptions, value: unknown, words: string): void {
  deps.out.write(json ? `${JSON.stringify(value, null, 2)}\n` : words);
}
