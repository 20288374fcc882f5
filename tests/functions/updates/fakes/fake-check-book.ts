import type { CheckBook } from "../../../../functions/updates/ports.ts";
import { NOTHING_TOLD, type Told } from "../../../../functions/updates/records.ts";

/** A book in memory. As in DynamoDB the first to write a plan or a record decides, and copies are handed out. */
export function fakeCheckBook(): CheckBook {
  const items = new Map<string, string>();
  let told: Told = NOTHING_TOLD;
  const read = <Content>(key: string): Content | undefined => {
    const text = items.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as Content);
  };
  const keep = <Content>(key: string, content: Content): Content => {
    if (!items.has(key)) items.set(key, JSON.stringify(content));
    return read<Content>(key) ?? content;
  };
  async function* all<Content>(prefix: string): AsyncIterable<Content> {
    const keys = [...items.keys()].filter((key) => key.startsWith(prefix)).sort();
    for (const key of keys) yield read<Content>(key) as Content;
  }
  return {
    plan: async (check) => read(`${check}/plan`),
    keepPlan: async (plan) => keep(`${plan.check}/plan`, plan),
    host: async (check, host) => read(`${check}/host/${host}`),
    keepHost: async (record) => keep(`${record.check}/host/${record.host}`, record),
    hosts: (check) => all(`${check}/host/`),
    release: async (check, release, arch) => read(`${check}/release/${release}/${arch}`),
    keepRelease: async (record) => keep(`${record.check}/release/${record.release}/${record.arch}`, record),
    releases: (check) => all(`${check}/release/`),
    told: async () => structuredClone(told),
    replaceTold: async (next) => {
      if (next.revision !== told.revision + 1) return false;
      told = structuredClone(next);
      return true;
    },
    report: async (check, revision) => read(`${check}/report/${revision}`),
    keepReport: async (check, revision, report) => {
      items.set(`${check}/report/${revision}`, JSON.stringify(report));
    },
  };
}
