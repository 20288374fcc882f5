import { readFileSync } from "node:fs";
import type { Resource } from "../../local/cloud/contract.ts";
import type { RehearsalStage } from "../../local/rehearsal/stage.ts";

/**
 * What exists and what was sent, one line each, sorted, with everything taken out that a second run may rightly have
 * otherwise: ids (an image is called by its name), instants, and the count of generations in a claim.
 */
export async function fingerprint(stage: RehearsalStage): Promise<string[]> {
  const resources = await stage.cloud.inventory();
  const names = new Map(resources.filter(({ type }) => type === "image").map(({ id, name }) => [id, name]));
  const withNames = (text: string) => [...names].reduce((all, [id, name]) => all.replaceAll(id, name), text);
  const existing = resources.map((resource) => withNames(describe(resource)));
  const mails = stage.cloud.mails().map(({ file, destinations }) => {
    const subject = /^Subject: (.*)$/m.exec(readFileSync(file, "utf8"))?.[1];
    return `mail to ${destinations}: ${subject}`;
  });
  return [...existing, ...mails.filter((line) => !line.includes("Reaper"))].sort();
}

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

function describe({ type, region, name, state, tags, id }: Resource): string {
  switch (type) {
    case "table-item":
      return `${type} ${name} ${id
        .replaceAll(INSTANT, "INSTANT")
        .replaceAll(/"i-[0-9a-f]{17}"/g, '"INSTANCE"')
        .replace(/"generation":\{"N":"\d+"\}/, '"generation":N')
        .replace(/"sesMessageId":\{"S":"[^"]+"\}/, '"sesMessageId":ID')}`;
    case "parameter":
      return `${type} ${region} ${name} ${state}`;
    default:
      return `${type} ${region} ${name} ${state} ${JSON.stringify(tags)}`;
  }
}
