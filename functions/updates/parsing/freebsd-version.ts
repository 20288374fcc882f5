import type { Part, Versions } from "../findings.ts";
import type { Section } from "./report-sections.ts";
import { failure, outsideTrouble } from "./trouble.ts";

const PROGRAM = "freebsd-version";

/** 15.1-RELEASE-p2, 15.1-RC1, 14.3-STABLE (freebsd-version(1), uname(1)). */
const VERSION = /^\d{1,2}\.\d{1,2}-[A-Z]{2,12}\d{0,2}(-p\d{1,4})?$/;

/** Reads `freebsd-version -kru`: three lines, in this order whatever the order of the letters. */
export function readVersions(section: Section): Part<Versions> {
  const trouble = outsideTrouble(section, PROGRAM);
  if (trouble !== undefined) return { problem: trouble };
  const [kernel = "", running = "", userland = ""] = section.lines;
  const isRead =
    section.status === 0 &&
    !section.isCut &&
    section.lines.length === 3 &&
    section.lines.every((line) => VERSION.test(line));
  return isRead ? { value: { kernel, running, userland } } : { problem: failure(section, PROGRAM) };
}
