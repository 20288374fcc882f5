import { type Fleet, type HostOfFleet, parseFleet } from "#fleet";
import { HostUnreachableError } from "#hosts";
import type { ReportMessage } from "#platform";
import { checkHost } from "../../../../functions/updates/check-host.ts";
import { checkRelease } from "../../../../functions/updates/check-release.ts";
import { composeReport } from "../../../../functions/updates/compose-report.ts";
import { planCheck } from "../../../../functions/updates/plan-check.ts";
import type {
  CheckBook,
  Hosts,
  ImageBuilds,
  PublishedImages,
  ReleaseServers,
} from "../../../../functions/updates/ports.ts";
import { settleReports } from "../../../../functions/updates/settle-reports.ts";
import { startBuilds } from "../../../../functions/updates/start-builds.ts";
import { SHIPPED } from "../../../layers/fleet/fleet-text.ts";
import { CLEAN_AUDIT, report, VERSIONS } from "../parsing/sections.ts";
import { fakeCheckBook } from "./fake-check-book.ts";

/** The power failed. */
export class PowerFailure extends Error {}

/** How a host answers: with pending packages by name, or not at all, or with another text. */
export type Answer = readonly string[] | Error | { readonly text: string };

/**
 * Everything around the domain, in memory: hosts that answer as they are told, FreeBSD's servers, the mail and the builds,
 * which take each id once, as the real ones do. `mornings` runs what the machine runs, in its order, and may die at
 * any step.
 */
export class FakeWorld {
  readonly book: CheckBook;
  readonly mails: ReportMessage[] = [];
  readonly builds: string[] = [];
  readonly answers: Record<string, Answer> = {};
  readonly asked: string[] = [];
  patchLevel = 0;
  endOfLife = "2028-12-31";
  published: readonly string[] = ["14.3", "15.1"];
  fleet: Fleet;
  /** Steps left until the power fails. */
  stepsToLive = Number.POSITIVE_INFINITY;
  readonly hosts: Hosts;
  readonly servers: ReleaseServers;
  readonly images: PublishedImages;
  readonly imageBuilds: ImageBuilds;

  constructor(hosts: readonly string[] = ["www", "mail", "db"], updates: Partial<Fleet["updates"]> = {}) {
    this.fleet = fleetOf(hosts, updates);
    this.book = dying(fakeCheckBook(), () => this.step());
    this.hosts = { ask: async ({ name }: HostOfFleet) => this.ask(name) };
    this.servers = {
      tag: async () => ({ patchLevel: this.patchLevel, endOfLife: this.endOfLife }),
      catalogue: async () => ({ patchLevel: this.patchLevel }),
    };
    this.images = { releases: async () => this.published };
    this.imageBuilds = {
      start: async (image, execution) => {
        this.step();
        if (!this.builds.includes(execution)) this.builds.push(execution);
        this.step();
        if (image === "") throw new Error("an image has a name");
      },
    };
  }

  /** One run of the machine. False: the power failed. */
  async run(time: string): Promise<boolean> {
    try {
      await this.#run(time);
      return true;
    } catch (error) {
      if (error instanceof PowerFailure) return false;
      throw error;
    } finally {
      this.stepsToLive = Number.POSITIVE_INFINITY;
    }
  }

  async #run(time: string): Promise<void> {
    const { book, hosts, servers, images, fleet } = this;
    const plan = await planCheck(new Date(time), fleet, book, new Date(time));
    if (!plan.wanted) return;
    const { check, previous } = plan;
    for (const host of plan.hosts)
      await checkHost({ check, previous, host }, (name) => this.find(name), { book, hosts });
    for (const release of plan.releases)
      await checkRelease({ check, previous, release, isLastTry: true }, { book, servers, images });
    const { reports } = await composeReport(check, fleet, book, "prod");
    for (const one of reports) {
      if (one.builds.length > 0) await startBuilds(one.check, one.builds, this.imageBuilds);
      if (one.message !== null) this.#send(one.message);
    }
    await settleReports(
      reports.map(({ check, revision }) => ({ check, revision, failure: "" })),
      book,
    );
  }

  find(name: string): HostOfFleet {
    const host = this.fleet.hosts[name];
    if (host === undefined) throw new Error(`no host ${name}`);
    return { ...host, name, keyParameter: "/nightshift/pipes/SSH", release: "15.1" };
  }

  ask(name: string): string {
    this.asked.push(name);
    const answer = this.answers[name] ?? [];
    if (answer instanceof Error) throw answer;
    return "text" in answer ? answer.text : reportOf(answer);
  }

  #send(message: ReportMessage): void {
    this.step();
    if (!this.mails.some(({ id }) => id === message.id)) this.mails.push(message);
    this.step();
  }

  step(): void {
    this.stepsToLive -= 1;
    if (this.stepsToLive < 0) throw new PowerFailure("the power failed");
  }
}

export const UNREACHABLE = new HostUnreachableError("192.0.2.1:8022: connection refused");

/** A report of a host whose packages of these names have updates. */
export function reportOf(packages: readonly string[]): string {
  const lines = packages.map((name) => `\t${name}: 1.0 -> 1.1 [cluster]`);
  const text =
    lines.length === 0
      ? ""
      : `Installed packages to be UPGRADED:\n${lines.join("\n")}\n\nNumber of packages to be upgraded: ${lines.length}\n`;
  return report({ versions: VERSIONS.replaceAll("p1", "p2"), base: "", packages: text, audit: CLEAN_AUDIT });
}

/** The shipped fleet with these hosts, all of image base. */
export function fleetOf(names: readonly string[], updates: Partial<Fleet["updates"]> = {}): Fleet {
  const fleet = parseFleet(SHIPPED, "fleet.yml");
  const [first] = Object.values(fleet.hosts);
  if (first === undefined || fleet.updates === undefined) throw new Error("the shipped fleet has hosts");
  const hosts = Object.fromEntries(names.map((name) => [name, { ...first, image: "base" }]));
  return { ...fleet, hosts, updates: { ...fleet.updates, ...updates } };
}

/** A book whose every call is a step, at which the power may fail: before it, and after it took effect. */
function dying(book: CheckBook, step: () => void): CheckBook {
  const wrap =
    <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      step();
      const answer = await call(...args);
      step();
      return answer;
    };
  return {
    ...book,
    keepPlan: wrap(book.keepPlan),
    keepHost: wrap(book.keepHost),
    keepRelease: wrap(book.keepRelease),
    replaceTold: wrap(book.replaceTold),
    keepReport: wrap(book.keepReport),
  };
}
