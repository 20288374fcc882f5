import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { FakeWorld, UNREACHABLE } from "./fakes/fake-world.ts";
import { report, VERSIONS } from "./parsing/sections.ts";

const PACKAGES = ["alpha", "beta", "gamma"];
const BROKEN = { text: "pkg: broken\n", status: 1 };
const NEWER = { text: "Newer FreeBSD version for package x:\nError updating repositories!\n", status: 1 };

/** A morning of one host: what is known from then on, what it cannot say on that day, and what becomes of the run. */
const morning = fc.record({
  vulnerable: fc.subarray(PACKAGES, { maxLength: 1 }),
  upgraded: fc.subarray(PACKAGES, { maxLength: 1 }),
  fails: fc.subarray(["everything", "versions", "packages", "newer", "audit"]),
  diesAt: fc.option(fc.nat(20)),
});

/** What the host prints. pkg marks the upgrades of what is vulnerable, as it does since 2.8. */
function answer(vulnerable: ReadonlySet<string>, upgraded: ReadonlySet<string>, fails: readonly string[]) {
  if (fails.includes("everything")) return UNREACHABLE;
  const changes = [...upgraded].map((name) => {
    return `\t${name}: 1.0 -> 1.1 [cluster]${vulnerable.has(name) ? " (vulnerable!)" : ""}\n`;
  });
  const issue = (name: string) => ({ url: `https://vuxml.FreeBSD.org/freebsd/${name}.html` });
  const packages = [...vulnerable].map((name) => [name, { version: "1.0", issues: [issue(name)] }]);
  const audit = JSON.stringify({ pkg_count: packages.length, packages: Object.fromEntries(packages) });
  return {
    text: report({
      versions: fails.includes("versions") ? "what\n" : VERSIONS,
      base: "",
      packages: fails.includes("packages")
        ? BROKEN
        : fails.includes("newer")
          ? NEWER
          : changes.length === 0
            ? ""
            : `Installed packages to be UPGRADED:\n${changes.join("")}`,
      audit: fails.includes("audit") ? BROKEN : { text: audit, status: packages.length === 0 ? 0 : 1 },
    }),
  };
}

/** "alpha 1.0 -> 1.1" and "alpha 1.0 is vulnerable: " of what is told as new; in the first mail all is. */
function newIn(text: string): string[] {
  const [told = ""] = text.split("Told before");
  const marked = text.includes("is the first one") ? /^ {2}(\w+ 1\.0 (?:-> 1\.1|is vulnerable: ))/gm : MARKED;
  return [...told.matchAll(marked)].map(([, fact = ""]) => fact);
}
const MARKED = /^\* (\w+ 1\.0 (?:-> 1\.1|is vulnerable: ))/gm;

it("each vulnerability and each upgrade is told once, whatever parts of a host's answer fail when", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(morning, { maxLength: 7 }), async (mornings) => {
      const world = new FakeWorld(["www"]);
      const [vulnerable, upgraded] = [new Set<string>(), new Set<string>()];
      const run = (day: number) =>
        world.run(new Date(Date.parse("2026-11-01T06:00:00.000Z") + day * 86_400_000).toISOString());
      for (const [day, one] of mornings.entries()) {
        for (const name of one.vulnerable) vulnerable.add(name);
        for (const name of one.upgraded) upgraded.add(name);
        world.answers.www = answer(vulnerable, upgraded, one.fails);
        if (one.diesAt !== null) world.stepsToLive = one.diesAt;
        await run(day);
      }
      world.answers.www = answer(vulnerable, upgraded, []);
      for (let rest = 0; rest < 4; rest += 1) await run(mornings.length + rest);
      const all = [
        ...[...vulnerable].map((name) => `${name} 1.0 is vulnerable: `),
        ...[...upgraded].map((name) => `${name} 1.0 -> 1.1`),
      ];
      expect(world.mails.flatMap(({ text }) => newIn(text)).sort()).toEqual(all.sort());
    }),
    { numRuns: 300 },
  );
});
