import type { BaseUpdate, HostCondition } from "../condition.ts";
import { lines, type ProgramAnswer } from "./answer.ts";

/**
 * What `freebsd-update --not-running-from-cron fetch` prints on 14.x (freebsd-src, usr.sbin/freebsd-update). Status 1 when
 * the release has ended, or nothing could be fetched.
 * @param version what runs: "14.3-RELEASE-p2"
 */
export function freebsdUpdateFetch(version: string, condition: HostCondition): ProgramAnswer {
  const release = version.replace(/-p\d+$/, "");
  const { updateServer, baseUpdate, endOfLife, halfUpgraded } = condition;
  if (halfUpgraded === true) return halfDone();
  const looking = "src component not installed, skipped\nLooking up update.FreeBSD.org mirrors...";
  if (updateServer === "broken") {
    return {
      stdout: lines(
        `${looking} none found.`,
        "Fetching public key from update.FreeBSD.org... failed.",
        "No mirrors remaining, giving up.",
      ),
      status: 1,
    };
  }
  const begun = [
    `${looking} 3 mirrors found.`,
    `Fetching metadata signature for ${release} from update2.freebsd.org... done.`,
    "Fetching metadata index... done.",
  ];
  if (updateServer === "older") return { stdout: lines(begun, older(version, release)), status: 1 };
  const stdout = lines(
    begun,
    ["Inspecting system... done.", "Preparing to download files... done."],
    baseUpdate === undefined ? upToDate(version) : pending(baseUpdate),
    endOfLife === undefined ? [] : ending(version, endOfLife),
  );
  return { stdout, status: endOfLife !== undefined && "passed" in endOfLife ? 1 : 0 };
}

/** What `freebsd-update updatesready` prints: whether something was fetched before. */
export function freebsdUpdateReady({ baseUpdate }: HostCondition): ProgramAnswer {
  if (baseUpdate === undefined) return { stdout: lines("No updates are available to install."), status: 2 };
  const said = lines(
    "There are updates available to install.",
    "Run 'freebsd-update [options] install' to proceed.",
  );
  return { stdout: said, status: 0 };
}

function upToDate(version: string): string[] {
  const level = /-p\d+$/.test(version) ? version : `${version}-p0`;
  return ["", `No updates needed to update system to ${level}.`];
}

function pending({ to, updated = [], added = [], removed = [], modified = [] }: BaseUpdate): string[] {
  const fetched = updated.length + added.length;
  const dots = ".".repeat(4 + Math.floor(fetched / 10));
  const patches =
    fetched === 0 ? [] : [`Fetching ${fetched} patches${dots} done.`, "Applying patches... done."];
  const files = (what: string, paths: readonly string[]) =>
    paths.length === 0
      ? []
      : [`The following files will be ${what} as part of updating to`, `${to}:`, ...paths];
  const left =
    modified.length === 0
      ? []
      : [
          "The following files are affected by updates. No changes have",
          "been downloaded, however, because the files have been modified",
          "locally:",
          ...modified,
        ];
  return [
    ...patches,
    ...left,
    ...files("removed", removed),
    ...files("added", added),
    ...files("updated", updated),
  ];
}

function ending(version: string, end: NonNullable<HostCondition["endOfLife"]>): string[] {
  if ("passed" in end) {
    return [
      "",
      `WARNING: FreeBSD ${version} HAS PASSED ITS END-OF-LIFE DATE.`,
      `Any security issues discovered after ${end.passed}`,
      "will not have been corrected.",
    ];
  }
  return [
    "",
    `WARNING: FreeBSD ${version} is approaching its End-of-Life date.`,
    "It is strongly recommended that you upgrade to a newer",
    `release within the next ${end.within}.`,
  ];
}

function older(version: string, release: string): string[] {
  return [
    `Files on mirror (${release}-p0) appear older than what`,
    `we are currently running (${version})!`,
    "Cowardly refusing to proceed any further.",
  ];
}

function halfDone(): ProgramAnswer {
  const stdout = lines(
    "You have a partially completed upgrade pending",
    "Run 'freebsd-update [options] install' first.",
    "Run 'freebsd-update [options] fetch -F' to proceed anyway.",
  );
  return { stdout, status: 1 };
}
