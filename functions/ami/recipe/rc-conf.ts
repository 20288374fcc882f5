import type { Fleet, ImageSpec } from "#fleet";
import { FORCED_COMMANDS_ONLY } from "./host-access.ts";
import type { RecipePart } from "./recipe-part.ts";
import { majorVersion } from "./release.ts";

/** The four parts of sendmail that rc(8) knows (FreeBSD Handbook, "Disable Sendmail"). */
const SENDMAIL = ["sendmail", "sendmail_submit", "sendmail_outbound", "sendmail_msp_queue"];

/** Settings of rc.conf(5): services, what the fleet file says, and that first boot must not change the system. */
export function rcConf(image: ImageSpec, { updates, tunnels }: Fleet): RecipePart {
  const settings = new Map<string, string>();
  for (const name of image.services.on) settings.set(`${name}_enable`, "YES");
  for (const name of image.services.off.flatMap(partsOf)) settings.set(`${name}_enable`, "NO");
  // The build installs the patches. Doing so again on first boot would make launches slow, and each one different.
  const patching = `${patchingService(image.release)}_enable`;
  if (!settings.has(patching)) settings.set(patching, "NO");
  for (const [key, value] of Object.entries(image.rcConf)) settings.set(key, value);
  if (updates !== undefined || tunnels !== undefined)
    settings.set("sshd_flags", `${settings.get("sshd_flags") ?? ""} ${FORCED_COMMANDS_ONLY}`.trimStart());
  return { rcSettings: [...settings], checks: image.services.on.map(rcScriptCheck) };
}

function partsOf(service: string): string[] {
  return service === "sendmail" ? SENDMAIL : [service];
}

/** The service that patches FreeBSD on first boot: with freebsd-update on 14.x, with pkg on 15.x. */
function patchingService(release: string): string {
  return majorVersion(release) >= 15 ? "firstboot_pkg_upgrade" : "firstboot_freebsd_update";
}

function rcScriptCheck(service: string) {
  return { name: `service ${service}`, shell: `rc_script ${service}` };
}
