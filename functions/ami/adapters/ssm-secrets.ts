import { GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { clientSettings, type Settings } from "#platform";
import { BuildRefusedError } from "../failures.ts";
import type { Secrets } from "../ports.ts";

/** GetParameters takes at most ten names (SSM API). */
const NAMES_PER_CALL = 10;

/** Secrets as SSM SecureString parameters of the function's own region. */
export function ssmSecrets(settings: Settings): Secrets {
  const client = new SSMClient(clientSettings(settings));
  return {
    read: async (names) => {
      const values = new Map<string, string>();
      const missing: string[] = [];
      for (let start = 0; start < names.length; start += NAMES_PER_CALL) {
        const Names = names.slice(start, start + NAMES_PER_CALL);
        const found = await client.send(new GetParametersCommand({ Names, WithDecryption: true }));
        for (const { Name, Value } of found.Parameters ?? []) values.set(Name ?? "", Value ?? "");
        missing.push(...(found.InvalidParameters ?? []));
      }
      if (missing.length > 0) {
        throw new BuildRefusedError(
          `no such SSM parameter in ${settings.region}: ${missing.join(", ")}. ` +
            `Make each with: aws ssm put-parameter --type SecureString --name NAME --value "$(openssl rand -base64 32)"`,
        );
      }
      return values;
    },
  };
}
