import type { CronJob, Fleet, ImageSpec } from "#fleet";
import { upgradedRepository } from "./package-repositories.ts";
import { GENERATED, type RecipeFile, type RecipePart, rootFile } from "./recipe-part.ts";
import { majorVersion } from "./release.ts";

const FOLDER = "/etc/cron.d";

/** The PATH of FreeBSD's /etc/crontab, with packages' programs. */
const PATH = "/etc:/bin:/sbin:/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin";

/**
 * Jobs for cron(8), in files of their own: /etc/crontab belongs to FreeBSD and changes with it. A host looks for updates by
 * itself unless the fleet's own check does (functions/updates), which mails only what is new.
 */
export function cronJobs(image: ImageSpec, fleet: Fleet): RecipePart {
  const files =
    fleet.updates === undefined ? [cronFile("nightshift-updates", updateChecks(image), fleet)] : [];
  if (image.cron.length > 0) files.push(cronFile("nightshift-jobs", image.cron, fleet));
  return { files };
}

/**
 * Looks for updates without installing any. All of these print nothing when there are none, and cron mails nothing.
 * Where the base system is made of packages, freebsd-update refuses to work.
 */
function updateChecks(image: ImageSpec): CronJob[] {
  const { release, updates } = image;
  const daily = (command: string): CronJob => ({
    schedule: `0 ${updates.hour} * * *`,
    user: "root",
    command,
  });
  if (majorVersion(release) < 15) return [daily("freebsd-update cron"), daily("pkg upgrade -qn")];
  return [daily("pkg upgrade -qn -r FreeBSD-base"), daily(`pkg upgrade -qn -r ${upgradedRepository(image)}`)];
}

function cronFile(name: string, jobs: readonly CronJob[], { owner }: Fleet): RecipeFile {
  const lines = jobs.map(({ schedule, user, command }) => `${schedule}\t${user}\t${command}`);
  return rootFile(
    `${FOLDER}/${name}`,
    [GENERATED, "SHELL=/bin/sh", `PATH=${PATH}`, `MAILTO=${owner.mail}`, ...lines].join("\n"),
  );
}
