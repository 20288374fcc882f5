import type { CronJob, Fleet, ImageSpec } from "#fleet";
import { officialRepositories } from "./package-repositories.ts";
import { GENERATED, type RecipeFile, type RecipePart, rootFile } from "./recipe-part.ts";
import { majorVersion } from "./release.ts";

const FOLDER = "/etc/cron.d";

/** The PATH of FreeBSD's /etc/crontab, with packages' programs. */
const PATH = "/etc:/bin:/sbin:/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin";

/** Jobs for cron(8), in files of their own: /etc/crontab belongs to FreeBSD and changes with it. */
export function cronJobs(image: ImageSpec, fleet: Fleet): RecipePart {
  const files = [cronFile("nightshift-updates", updateChecks(image), fleet)];
  if (image.cron.length > 0) files.push(cronFile("nightshift-jobs", image.cron, fleet));
  return { files };
}

/**
 * Looks for updates without installing any. All of these print nothing when there are none, and cron mails nothing.
 * Where the base system is made of packages, freebsd-update refuses to work.
 */
function updateChecks({ release, updates, packageRepository }: ImageSpec): CronJob[] {
  const daily = (command: string): CronJob => ({
    schedule: `0 ${updates.hour} * * *`,
    user: "root",
    command,
  });
  if (majorVersion(release) < 15) return [daily("freebsd-update cron"), daily("pkg upgrade -qn")];
  const packages = packageRepository?.name ?? officialRepositories(release)[0];
  return [daily("pkg upgrade -qn -r FreeBSD-base"), daily(`pkg upgrade -qn -r ${packages}`)];
}

function cronFile(name: string, jobs: readonly CronJob[], { owner }: Fleet): RecipeFile {
  const lines = jobs.map(({ schedule, user, command }) => `${schedule}\t${user}\t${command}`);
  return rootFile(
    `${FOLDER}/${name}`,
    [GENERATED, "SHELL=/bin/sh", `PATH=${PATH}`, `MAILTO=${owner.mail}`, ...lines].join("\n"),
  );
}
