import type { ReportMessage } from "#platform";
import type { Build } from "./build.ts";
import { BuildRefusedError } from "./failures.ts";
import type { BuildBook } from "./ports.ts";
import { successReport } from "./report.ts";

/** Writes the report on a published build from the book, so that a second run writes the very same one. */
export async function composeReport(
  build: Build,
  retired: readonly string[],
  owner: { mail: string; from: string },
  book: BuildBook,
): Promise<{ message: ReportMessage }> {
  const record = await book.find(build.image, build.id);
  if (record === undefined) throw new BuildRefusedError(`no record of build ${build.id}`);
  const previous = await book.findPrevious(build.image, build.id);
  return { message: successReport({ from: owner.from, to: owner.mail }, record, previous, retired) };
}
