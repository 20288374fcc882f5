import type { Settings } from "#platform";

/** What adapters of functions/ are told when it is an operator who uses them. What they do not look at is empty. */
export function operatorSettings(region: string, stage: string): Settings {
  const unused = { fleetFile: "", bucket: "", sshPort: 22, twilioUrl: "" };
  const freebsd = {
    ...{ freebsdUpdateUrl: "", freebsdPackagesUrl: "" },
    ...{ freebsdKeyPrint: "", freebsdCataloguePrints: [] },
  };
  return { ...unused, ...freebsd, region, stage, functionName: "nightshift-cli" };
}
