import { GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { clientSettings, type Settings } from "#platform";
import { NoMonitorUrlError, NoTwilioAccountError } from "../telling/failures.ts";
import type { MonitorUrl, MonitorUrls, TwilioAccount, TwilioCredentials } from "../telling/ports.ts";

/** How long values are kept, so that whoever sends forgeries does not use up Parameter Store's quota. */
const KEPT_MILLISECONDS = 60_000;

/**
 * Who we are at Twilio: `/nightshift/STAGE/twilio/account-sid`, and the SecureString `…/twilio/auth-token`, one token a
 * line. Twilio signs with its primary token: to replace it, put the new one on a second line, promote it, and then
 * leave only that.
 */
export function ssmTwilioAccount(settings: Settings): TwilioAccount {
  const folder = `/nightshift/${settings.stage}/twilio`;
  const names = [`${folder}/account-sid`, `${folder}/auth-token`] as const;
  const read = kept(settings, names);
  return {
    read: async (now): Promise<TwilioCredentials> => {
      const values = await read(now);
      const accountSid = values.get(names[0])?.trim() ?? "";
      const lines = (values.get(names[1]) ?? "").split("\n").map((line) => line.trim());
      const [first, ...others] = lines.filter((line) => line !== "");
      if (!/^AC[0-9a-f]{32}$/.test(accountSid) || first === undefined)
        throw new NoTwilioAccountError(
          `nobody can be told by phone: put Twilio's account SID into the SSM parameter ${names[0]} ` +
            `and the auth token, as a SecureString, into ${names[1]}`,
        );
      return { accountSid, authTokens: [first, ...others] };
    },
  };
}

/** Our own addresses: `/nightshift/STAGE/monitor/sms-url` and the others, which deployment puts there. */
export function ssmMonitorUrls(settings: Settings): MonitorUrls {
  const readers = new Map<MonitorUrl, { readonly name: string; readonly read: ReturnType<typeof kept> }>();
  const readerOf = (url: MonitorUrl) => {
    const name = `/nightshift/${settings.stage}/monitor/${url}-url`;
    const reader = readers.get(url) ?? { name, read: kept(settings, [name]) };
    readers.set(url, reader);
    return reader;
  };
  return {
    read: async (url, now) => {
      const { name, read } = readerOf(url);
      const value = (await read(now)).get(name)?.trim() ?? "";
      if (!URL.canParse(value)) throw new NoMonitorUrlError(`there is no URL in the SSM parameter ${name}`);
      return new URL(value).href; // with the slash that a host alone lacks, and that is signed
    },
  };
}

/** Values of parameters, read together and kept for a while; what was missing is looked for again. */
function kept(
  settings: Settings,
  names: readonly string[],
): (now: Date) => Promise<ReadonlyMap<string, string>> {
  const client = new SSMClient(clientSettings(settings));
  let known: { readonly values: ReadonlyMap<string, string>; readonly until: number } | undefined;
  return async (now) => {
    if (known !== undefined && now.getTime() < known.until) return known.values;
    const { Parameters = [] } = await client.send(
      new GetParametersCommand({ Names: [...names], WithDecryption: true }),
    );
    const values = new Map(Parameters.map(({ Name = "", Value = "" }) => [Name, Value]));
    known = values.size === names.length ? { values, until: now.getTime() + KEPT_MILLISECONDS } : undefined;
    return values;
  };
}
