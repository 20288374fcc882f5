import type { BaseUpdates, HostFindings, PackageUpdates, Part, Versions } from "../findings.ts";
import { readFreebsdUpdate } from "./freebsd-update.ts";
import { readVersions } from "./freebsd-version.ts";
import { readPkgAudit } from "./pkg-audit.ts";
import { boundedUpdates, readPkgUpgrade } from "./pkg-upgrade.ts";
import { packagesOfBase } from "./pkgbase.ts";
import { type Section, splitReport } from "./report-sections.ts";

export { REPORT_LIMIT_BYTES } from "./report-sections.ts";

/**
 * Reads what the program `updates` printed on a host of a release ("15.1"). It never throws, whatever the host says:
 * what is cut, missing or not understood is a problem, and never "up to date". Below 300 KB as JSON.
 */
export function readReport(text: string, release: string): HostFindings {
  const report = splitReport(text);
  const read = <Value>(name: string, reader: (section: Section) => Part<Value>): Part<Value> => {
    if ("problem" in report) return { problem: report.problem };
    const section = report.sections.get(name);
    if (section !== undefined) return reader(section);
    return {
      problem: report.isWhole ? `the host's report has no ${name}` : "the host's report ends too early",
    };
  };
  const versions = read("versions", readVersions);
  return {
    versions,
    base: read("base", (section) => readBase(section, release, versions)),
    packages: read("packages", readPackages),
    vulnerable: read("audit", readPkgAudit),
  };
}

function readPackages(section: Section): Part<PackageUpdates> {
  const packages = readPkgUpgrade(section);
  return "value" in packages ? { value: boundedUpdates(packages.value) } : packages;
}

/**
 * From 15 on the base system is made of packages. A host is of its image's release as it was when the host was made, and may
 * be of an earlier one than the fleet says by now.
 */
function readBase(section: Section, release: string, versions: Part<Versions>): Part<BaseUpdates> {
  const releases = [release, ...("value" in versions ? [versions.value.userland] : [])];
  if (releases.some((one) => Number(one.split(".")[0]) < 15)) return readFreebsdUpdate(section);
  const packages = readPkgUpgrade(section);
  return "value" in packages ? packagesOfBase(packages.value) : packages;
}
