import type { CheckBook } from "../../functions/updates/ports.ts";

/** What the command line reads of the checks for updates. Failures come as OperatorErrors where the operator can help. */
export type UpdatesBook = Pick<CheckBook, "told" | "hosts" | "releases">;
