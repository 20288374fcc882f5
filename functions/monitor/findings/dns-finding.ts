import { type Finding, failed, good, quoted } from "./finding.ts";
import { type NetworkError, noLookup } from "./network-reason.ts";

/** A question to a name server. */
export interface Question {
  readonly name: string;
  /** Record type: "A". */
  readonly type: string;
  /** Who is asked, in words: "127.0.0.1:53", "the name server". */
  readonly server: string;
}

/** Servers give the records of a name in an order that changes from answer to answer (RFC 1794): reasons do not. */
const order = new Intl.Collator("en", { numeric: true });

/** Whether the answers are those that are wanted: some, and all that are expected among them. Names end without a dot. */
export function judgeAnswers(
  { name, type }: Question,
  answers: readonly string[],
  expected: readonly string[] = [],
): Finding {
  const given = listed(answers.toSorted(order.compare));
  if (answers.length === 0) return failed(`${name} has no ${type} records`);
  // Names are the same in any case, and with or without the dot of the root (RFC 4343; RFC 1034, 3.1). Texts are not.
  const normal = (one: string) => (type === "TXT" ? one : one.toLowerCase().replace(/\.$/, ""));
  const present = new Set(answers.map(normal));
  const missing = expected.filter((one) => !present.has(normal(one)));
  // What is missing stands first: of a name with many texts, the end of the reason is cut off.
  if (missing.length > 0) return failed(`${name} ${type} lacks ${listed(missing)}: it is ${given}`);
  return good(`${name} ${type} is ${given}`);
}

function listed(records: readonly string[]): string {
  return records.map((one) => quoted(one, 120)).join(", ");
}

/** Why there was no answer. That a name does not exist is something else than that it has no such records (RFC 2308). */
export function judgeNoAnswer(question: Question, error: NetworkError): Finding {
  const { name, type, server } = question;
  switch (error.code) {
    case "ENOTFOUND":
      return failed(`name not found: ${server} knows no ${name} (NXDOMAIN)`);
    case "ENODATA":
      return failed(`${name} has no ${type} records, says ${server}`);
    default:
      return noLookup(error, name, server);
  }
}
