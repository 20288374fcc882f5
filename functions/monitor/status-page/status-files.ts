import { badgeOf } from "./badge.ts";
import { renderStatusPage } from "./render-page.ts";
import type { StatusView } from "./status-view.ts";

/** A file of the status page, by its name on the shelf. */
export interface StatusFile {
  readonly name: string;
  readonly text: string;
}

/** The version of status.json's form: 1 as long as fields are only added. */
const FORM = 1;

/** What the shelf is given: the page, the same for programs, and each check's badge. */
export function statusFiles(view: StatusView): StatusFile[] {
  return [
    { name: "index.html", text: renderStatusPage(view) },
    { name: "status.json", text: `${JSON.stringify({ form: FORM, ...view })}\n` },
    ...view.checks.map((check) => ({ name: `badges/${check.slug}.svg`, text: badgeOf(check) })),
  ];
}
