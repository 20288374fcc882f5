import type { Command } from "commander";
import type { Deps } from "../deps.ts";
import { OperatorError } from "../operator-error.ts";
import { type RunOptions, startRun } from "../start-run.ts";
import { withRunOptions } from "./run.ts";

const EXAMPLES = `
Examples:
  nightshift accounts open a1 --mail somebody@example.net
  nightshift accounts park a1                   neither charged, suspended nor deleted until it is unparked
  nightshift accounts delete a1 --approved-by you

Deletion needs deletions to be allowed (/nightshift/STAGE/accounts/deletions in SSM is "allowed"), the account's seven
days to be over, and its balance not to be positive when it is deleted.`;

/** `nightshift accounts …`: what an operator does to accounts by hand. Each starts a state machine. */
export function register(program: Command, deps: Deps): void {
  const accounts = program
    .command("accounts")
    .summary("open, park and delete accounts")
    .description("Opens, parks and deletes accounts. Each command starts a state machine and follows it.")
    .addHelpText("after", EXAMPLES);

  withRunOptions(accounts.command("open <account>"))
    .summary("open an account")
    .requiredOption("--mail <address>", "where its mail goes")
    .action((account: string, options: RunOptions & { readonly mail: string }) => {
      if (!/^[^\s@]+@[^\s@]+$/.test(options.mail))
        throw new OperatorError(`${options.mail} is no mail address`, "Write it like somebody@example.net.");
      return startRun(deps, "accounts-open", { account, mail: options.mail }, options, [account]);
    });

  withRunOptions(accounts.command("park <account>"))
    .summary("keep an account from being charged, suspended or deleted")
    .action((account: string, options: RunOptions) =>
      startRun(deps, "accounts-park", { account, parked: true, day: today(deps) }, options, [
        account,
        "park",
      ]),
    );

  withRunOptions(accounts.command("unpark <account>"))
    .summary("let an account be charged again; days that were passed over stay so")
    .action((account: string, options: RunOptions) =>
      startRun(deps, "accounts-park", { account, parked: false, day: today(deps) }, options, [
        account,
        "unpark",
      ]),
    );

  withRunOptions(accounts.command("delete <account>"))
    .summary("approve the deletion of an account whose seven days are over")
    .requiredOption("--approved-by <name>", "who approves it; it goes on record")
    .action((account: string, options: RunOptions & { readonly approvedBy: string }) =>
      startRun(deps, "accounts-delete", { account, approvedBy: options.approvedBy }, options, [account]),
    );
}

function today(deps: Deps): string {
  return deps.now().toISOString().slice(0, 10);
}
