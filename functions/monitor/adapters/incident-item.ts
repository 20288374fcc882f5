import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Cause } from "../board.ts";
import type { Acknowledgement, Incident, Told } from "../incident.ts";

export type Item = Readonly<Record<string, AttributeValue>>;

/** What an incident begins as, without its key. */
export function openItem(
  incident: Omit<Incident, "recoveredAt" | "acknowledgements" | "told">,
): Record<string, AttributeValue> {
  return {
    number: { N: String(incident.number) },
    check: { S: incident.check },
    cause: { S: incident.cause },
    since: { S: incident.since.toISOString() },
    openedAt: { S: incident.openedAt.toISOString() },
    reason: { S: incident.reason },
    isCritical: { BOOL: incident.isCritical },
    acknowledgements: { M: {} },
    told: { M: {} },
  };
}

/** The name of a step as a member of `told`: steps by their number, all-clears by their contact. */
export function toldName({ step, contact }: Pick<Told, "step" | "contact">): string {
  return `${step}/${contact}`;
}

/** A step that is taken, as a member of `told`. */
export function begunEntry({ way, at, due }: Omit<Told, "outcome">): AttributeValue {
  const times = { at: { S: at.toISOString() }, due: { S: due.toISOString() } };
  return { M: { way: { S: way }, ...times, outcome: { S: "begun" } } };
}

/** An acknowledgement as a member of `acknowledgements`, whose name is its proof. */
export function ackEntry({ by, via, at, until }: Acknowledgement): AttributeValue {
  return {
    M: { by: { S: by }, via: { S: via }, at: { S: at.toISOString() }, until: { S: until.toISOString() } },
  };
}

/** The incident in an item. Acknowledgements and steps are in order of time. */
export function incidentOf(item: Item): Incident {
  return {
    number: Number(item.number?.N),
    check: item.check?.S ?? "",
    cause: (item.cause?.S ?? "failing") as Cause,
    since: dateOf(item.since),
    openedAt: dateOf(item.openedAt),
    reason: item.reason?.S ?? "",
    isCritical: item.isCritical?.BOOL ?? true,
    recoveredAt: item.recoveredAt === undefined ? undefined : dateOf(item.recoveredAt),
    acknowledgements: Object.entries(item.acknowledgements?.M ?? {})
      .map(([proof, entry]) => ackOf(proof, entry.M ?? {}))
      .sort(byTime),
    told: Object.entries(item.told?.M ?? {})
      .map(([name, entry]) => toldOf(name, entry.M ?? {}))
      .sort(byTime),
  };
}

function ackOf(proof: string, { by, via, at, until }: Item): Acknowledgement {
  const way = (via?.S ?? "cli") as Acknowledgement["via"];
  return { by: by?.S ?? "", via: way, at: dateOf(at), until: dateOf(until), proof };
}

function toldOf(name: string, { way, at, due, outcome }: Item): Told {
  const [step = "0", contact = ""] = name.split("/");
  return {
    step: Number(step),
    contact,
    way: (way?.S ?? "sms") as Told["way"],
    at: dateOf(at),
    due: dateOf(due),
    outcome: (outcome?.S ?? "sent") as Told["outcome"],
  };
}

function dateOf(value: AttributeValue | undefined): Date {
  return new Date(value?.S ?? 0);
}

function byTime(a: { readonly at: Date }, b: { readonly at: Date }): number {
  return a.at.getTime() - b.at.getTime();
}
