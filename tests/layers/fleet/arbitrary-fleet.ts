import fc from "fast-check";
import { type Fleet, findImage, type ImageSpec, parseFleet } from "#fleet";
import { arbitraryMonitor } from "./arbitrary-monitor.ts";
import { SHIPPED } from "./fleet-text.ts";

const shipped = parseFleet(SHIPPED, "fleet.yml");
const base = findImage(shipped, "base");

/** Texts that YAML might take for something else: numbers, booleans, dates, nothing, comments. */
const awkward = fc.constantFrom(
  "YES",
  "no",
  "null",
  "~",
  "1e3",
  "0x1f",
  "2026-11-23",
  "- a",
  "a: b",
  "a # b",
  " x ",
  "'",
  "*",
  "&a",
);
const line = fc
  .oneof(awkward, fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }))
  .filter((text) => /^[^\p{Cc}]+$/u.test(text));
const content = fc
  .array(fc.oneof(line, fc.constantFrom("", "END", "\t x", "EOF", "'$(reboot)`")))
  .map((lines) => lines.join("\n"));
const fileName = fc.stringMatching(/^[a-z][a-z0-9._-]{0,8}$/);

const files = fc.uniqueArray(
  fc.record({
    path: fileName.map((name) => `/etc/${name}`),
    mode: fc.constantFrom("0644", "0755", "0600"),
    content,
  }),
  { selector: ({ path }) => path, maxLength: 3 },
);

const image: fc.Arbitrary<ImageSpec> = fc
  .record({
    release: fc.constantFrom("14.0", "14.3", "15.0", "15.1", "15.10"),
    arch: fc.constantFrom("amd64" as const, "arm64" as const),
    filesystem: fc.constantFrom("ufs" as const, "zfs" as const),
    rcValue: fc
      .oneof(awkward, fc.string({ maxLength: 10 }))
      .filter((text) => /^[^"$`\\\p{Cc}]*$/u.test(text)),
    hour: fc.integer({ min: 0, max: 23 }),
    keep: fc.integer({ min: 2, max: 9 }),
    cron: fc.array(
      line.map((command) => ({ schedule: "5 4 * * 1", user: "root", command })),
      { maxLength: 2 },
    ),
    requirePfs: fc.boolean(),
    ownRepository: fc.boolean(),
    files,
  })
  .map(({ rcValue, hour, requirePfs, ownRepository, ...rest }) => {
    const { packageRepository: repository, ...others } = base;
    return {
      ...others,
      ...rest,
      ...(ownRepository && repository !== undefined ? { packageRepository: repository } : {}),
      instanceType: rest.arch === "amd64" ? "r7i.large" : "r7g.large",
      rcConf: { ...base.rcConf, extra_setting: rcValue },
      updates: { hour },
      pipes: Object.fromEntries(
        Object.entries(base.pipes).map(([name, pipe]) => [name, { ...pipe, requirePfs }]),
      ),
    };
  });

/** No two hosts have the same. */
const ADDRESSES = ["www.example.org:8022", "192.0.2.7:22", "no.example.org:65535"];
const HOST_KEYS = Object.values(shipped.hosts).map(({ hostKey }) => hostKey);

/** Which image a host is launched from is a number, to be taken modulo the number of images. */
const hosts = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
  fc.record({
    image: fc.nat(9),
  }),
  { maxKeys: 3, noNullPrototype: true },
);

const errands = fc.record(
  {
    updates: fc.record({
      publicKey: fc.constant(shipped.updates?.publicKey ?? ""),
      sshKeyParameter: fc.constantFrom("/nightshift/ssh/updates", "/nightshift/ssh/updates-2"),
      endOfLifeDays: fc.integer({ min: 1, max: 730 }),
      startBuild: fc.boolean(),
    }),
    tunnels: fc.record({
      publicKey: fc.constant(shipped.tunnels?.publicKey ?? ""),
      sshKeyParameter: fc.constant("/nightshift/ssh/tunnels"),
      secondPortOffset: fc.integer({ min: 1, max: 30_000 }),
    }),
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** Fleets that are valid and strange. */
export const arbitraryFleet: fc.Arbitrary<Fleet> = fc
  .record({
    name: line,
    images: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), image, {
      minKeys: 1,
      maxKeys: 2,
      noNullPrototype: true,
    }),
    hosts,
    errands,
    monitor: fc.option(arbitraryMonitor, { nil: undefined }),
  })
  .map(({ name, images, hosts: numbered, errands: some, monitor }) => {
    const { monitor: _monitor, updates: _updates, tunnels: _tunnels, ...rest } = { ...shipped, name, images };
    const names = Object.keys(images);
    const launched = Object.entries(numbered).map(([host, { image: number }], index) => {
      const own = { address: ADDRESSES[index] ?? "", hostKey: HOST_KEYS[index] ?? "" };
      return [host, { ...own, image: names[number % names.length] ?? "" }] as const;
    });
    const fleet = { ...rest, ...some, hosts: Object.fromEntries(launched) };
    return monitor === undefined ? fleet : { ...fleet, monitor };
  });
