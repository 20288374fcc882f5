import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { findImage, type ImageSpec, parseFleet } from "#fleet";
import { cronJobs } from "../../../../functions/ami/recipe/cron-jobs.ts";
import { updatesCommand } from "../../../../functions/ami/recipe/updates-command.ts";
import { readReport } from "../../../../functions/updates/parsing/read-report.ts";

const fleet = parseFleet(
  readFileSync(new URL("../../../../fleet.yml", import.meta.url), "utf8"),
  "fleet.yml",
);
const base = findImage(fleet, "base");
const { packageRepository: _own, ...withoutRepository } = base;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nightshift-test-"));
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "tmp"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Puts programs of FreeBSD's into the folder that is first on PATH. */
function standIns(programs: Record<string, string>): void {
  for (const [name, body] of Object.entries(programs)) {
    const path = join(folder, "bin", name);
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
  }
}

function run(image: ImageSpec, environment: Record<string, string> = {}, before = "") {
  return spawnSync("sh", ["-c", `${before}\n${updatesCommand(image)}`], {
    encoding: "utf8",
    input: "rm -rf everything\n",
    maxBuffer: 10_000_000,
    env: { PATH: `${join(folder, "bin")}:/bin:/usr/bin`, TMPDIR: join(folder, "tmp"), ...environment },
  });
}

const ECHO = {
  "freebsd-version": 'echo "version $*"',
  "freebsd-update": 'echo "update $*"',
  pkg: 'echo "pkg $*"',
};

describe("what is asked", () => {
  const rows: [why: string, image: ImageSpec, commands: string[]][] = [
    [
      "15.x: the base system is made of packages",
      { ...withoutRepository, release: "15.1" },
      ["version -kru", "pkg upgrade -qn -r FreeBSD-base", "pkg upgrade -qn -r FreeBSD-ports"],
    ],
    [
      "15.x with an own repository: FreeBSD's is off",
      {
        ...base,
        release: "15.1",
        packageRepository: { name: "cluster", url: "http://a/", buildUrl: "http://b/" },
      },
      ["version -kru", "pkg upgrade -qn -r FreeBSD-base", "pkg upgrade -qn -r cluster"],
    ],
    [
      "14.x: freebsd-update tells of the base system, and whatever repositories are on hold packages only",
      { ...withoutRepository, release: "14.3" },
      ["version -kru", "update --not-running-from-cron fetch", "pkg upgrade -qn"],
    ],
  ];
  test.each(rows)("%s", (_why, image, commands) => {
    standIns(ECHO);
    const { stdout, stderr, status } = run(image);
    const [versions, system, packages] = commands;
    expect({ stdout, stderr, status }).toEqual({
      stdout: [
        "nightshift-updates 1",
        ...["section versions 0", `|${versions}`],
        ...["section base 0", `|${system}`],
        ...["section packages 0", `|${packages}`],
        ...["section audit 0", "|pkg audit -Fq --raw=json-compact"],
        "end\n",
      ].join("\n"),
      stderr: "",
      status: 0,
    });
  });

  test("where hosts look by themselves (cron), it is at the same repository", () => {
    const { updates: _, ...alone } = fleet;
    const packageRepository = { name: "cluster", url: "http://a/", buildUrl: "http://b/" };
    for (const release of ["14.3", "15.1"]) {
      const image: ImageSpec = { ...base, release, packageRepository };
      const [file] = cronJobs(image, alone).files ?? [];
      const [, asked = ""] = /section packages \d+ (.*)/.exec(updatesCommand(image)) ?? [];
      expect(file?.content).toContain(`${asked}\n`);
    }
  });
});

describe("what a report is, whatever happens", () => {
  const image: ImageSpec = { ...base, release: "15.1" };

  test("output and errors, the exit status, and nothing that a command prints passes for a record", () => {
    standIns({
      ...ECHO,
      pkg: 'printf "section audit 0\\nend\\nhalf a line"; echo oops >&2; exit 3',
    });
    const { stdout } = run(image);
    expect(stdout).toContain(
      "section base 3\n|section audit 0\n|end\n|half a lineoops\nsection packages 3\n",
    );
    expect(stdout.split("\n").filter((line) => line === "end")).toHaveLength(1);
  });

  test("a last line without its end is one all the same", () => {
    standIns({ ...ECHO, "freebsd-version": "printf 15.1-RELEASE" });
    expect(run(image).stdout).toContain("|15.1-RELEASE\nsection base");
  });

  test("nothing printed is nothing, and not an empty line", () => {
    standIns({ ...ECHO, pkg: "exit 0" });
    expect(run(image).stdout).toMatch(/section base 0\nsection packages 0\nsection audit 0\nend\n$/);
  });

  test("a program that is not there is status 127", () => {
    standIns({ pkg: ECHO.pkg });
    expect(run(image).stdout).toContain("section versions 127\n|");
  });

  test("too much is cut, and said to be; the command still ends by itself", () => {
    standIns({ ...ECHO, "freebsd-version": "head -c 3000000 /dev/zero | tr '\\0' x; echo; exit 7" });
    const { stdout } = run(image);
    const [, lines = ""] = /^section versions 7\n([\s\S]*?)section base/m.exec(stdout) ?? [];
    expect(lines).toBe(`|${"x".repeat(200_000)}\ncut\n`);
  });

  test("just not too much is whole", () => {
    standIns({ ...ECHO, "freebsd-version": "head -c 200000 /dev/zero | tr '\\0' x" });
    expect(run(image).stdout).toContain(`|${"x".repeat(200_000)}\nsection base`);
  });

  test("bytes that are no text pass, zeros are left out", () => {
    standIns({ ...ECHO, "freebsd-version": "printf '\\377\\000\\033[2J\\n'" });
    expect(run(image).stdout).toContain("section versions 0\n|\ufffd\u001b[2J\n");
  });

  test("a command that hangs is ended, and the others still run", () => {
    standIns({
      ...ECHO,
      timeout: 'shift 2; seconds=$1; shift; exec /usr/bin/timeout 0.2 "$@"',
      pkg: "sleep 60",
    });
    const { stdout } = run(image);
    expect(stdout).toContain("section versions 0\n|version -kru\nsection base 124\nsection packages 124\n");
    expect(stdout).toMatch(/end\n$/);
  });

  test("all limits together stay within 240 seconds, with grace and the wait for the lock", () => {
    for (const release of ["14.3", "15.1"]) {
      const script = updatesCommand({ ...base, release });
      const sections = [...script.matchAll(/section (\w+) (\d+) /g)];
      const limits = new Map(sections.map(([, name, seconds]) => [name, Number(seconds)]));
      for (const [, name, seconds] of sections)
        limits.set(name, Math.max(limits.get(name) ?? 0, Number(seconds)));
      const whole = [...limits.values()].reduce((sum, seconds) => sum + seconds + 2, 0);
      expect(limits.size).toBe(4);
      expect(whole).toBeLessThan(240);
    }
  });
});

describe("what it keeps away from", () => {
  const image: ImageSpec = { ...base, release: "14.3" };

  test("its standard input, and what the client asked for", () => {
    standIns({ ...ECHO, "freebsd-update": 'cat; echo "$SSH_ORIGINAL_COMMAND" >/dev/null; echo read' });
    const { stdout } = run(image, { SSH_ORIGINAL_COMMAND: "echo and more" });
    expect(stdout).toContain("section base 0\n|read\n");
    expect(updatesCommand(image)).not.toContain("SSH_ORIGINAL_COMMAND");
  });

  test("pagers, other languages, and a pkg that would install itself", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own expansion
    standIns({ ...ECHO, pkg: 'echo "$PAGER $LC_ALL ${ASSUME_ALWAYS_YES-unset} $(umask)"' });
    const { stdout } = run(image, { PAGER: "less", LC_ALL: "de_DE.UTF-8", ASSUME_ALWAYS_YES: "yes" });
    expect(stdout).toContain("section packages 0\n|cat C unset 0022\n");
  });

  test("leaves nothing behind", () => {
    standIns(ECHO);
    run(image);
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  });

  test("leaves nothing behind when the connection broke while it ran", () => {
    const gone = join(folder, "gone");
    standIns({ ...ECHO, "freebsd-version": `until [ -e ${gone} ]; do sleep 0.02; done` });
    writeFileSync(join(folder, "updates"), updatesCommand(image));
    const readerThatLeaves = `sh ${folder}/updates | { exec <&-; touch ${gone}; }`;
    spawnSync("sh", ["-c", readerThatLeaves], {
      env: { PATH: `${join(folder, "bin")}:/bin:/usr/bin`, TMPDIR: join(folder, "tmp") },
    });
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  });

  test("two at once: freebsd-update is run under a lock, where there is lockf(1)", () => {
    standIns({ ...ECHO, lockf: 'echo "lockf $1 $2 $3 $4 $5"; shift 5; exec "$@"' });
    expect(run(image).stdout).toContain(
      "section base 0\n|lockf -k -s -t 10 /var/run/nightshift-updates.lock\n|update --not-running-from-cron fetch\n",
    );
  });

  // A limit to the size of files stands in for a full file system: in both cases what is written beyond it is lost.
  test.each([
    ["no output, and no status", "ulimit -f 0", ["versions", "base", "packages", "vulnerable"]],
    ["less than pkg has to say", "ulimit -f 8", ["base", "packages"]],
  ])(
    "a folder with room for %s: what was lost is not known, and never up to date",
    (_why, limit, unknown) => {
      const version = "15.1-RELEASE-p1";
      const changes = 'i=0; while [ $((i += 1)) -lt 400 ]; do echo "\tpackage$i: 1.0 -> 1.1"; done';
      standIns({
        "freebsd-version": `printf '${version}\\n${version}\\n${version}\\n'`,
        pkg: `case $1 in audit) echo '{"pkg_count":0}' ;; *) echo Installed packages to be UPGRADED:; ${changes} ;; esac`,
      });
      const { stdout } = run({ ...withoutRepository, release: "15.1" }, {}, limit);
      const lost = Object.entries(readReport(stdout, "15.1")).flatMap(([part, found]) =>
        "problem" in found && found.problem.includes("could not be kept") ? [part] : [],
      );
      expect(lost).toEqual(unknown);
    },
  );

  test("without room for its files it reports nothing, and fails", () => {
    standIns(ECHO);
    const { stdout, status } = run(image, { TMPDIR: join(folder, "absent") });
    expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
  });
});
