import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { clientSettings, type Settings } from "#platform";
import { NoWebhookSecretError } from "../failures.ts";
import type { DeletionSwitch, WebhookSecrets } from "../ports.ts";

/** How long the secrets are kept, so that whoever sends forgeries does not use up Parameter Store's quota. */
const KEPT_MILLISECONDS = 60_000;

/** The stop switch: deletions go on while `/nightshift/STAGE/accounts/deletions` is "allowed", and that exactly. */
export function ssmDeletionSwitch(settings: Settings): DeletionSwitch {
  const client = new SSMClient(clientSettings(settings));
  const name = `/nightshift/${settings.stage}/accounts/deletions`;
  return { isAllowed: async () => (await read(client, name)) === "allowed" };
}

/** Secrets in the SecureString `/nightshift/STAGE/stripe/webhook-secret`, one a line. */
export function ssmWebhookSecrets(settings: Settings): WebhookSecrets {
  const client = new SSMClient(clientSettings(settings));
  const name = `/nightshift/${settings.stage}/stripe/webhook-secret`;
  let kept: { readonly secrets: readonly string[]; readonly until: number } | undefined;
  return {
    read: async (now) => {
      if (kept !== undefined && now.getTime() < kept.until) return kept.secrets;
      const lines = ((await read(client, name)) ?? "").split("\n").map((line) => line.trim());
      const secrets = lines.filter((line) => line !== "");
      if (secrets.length === 0)
        throw new NoWebhookSecretError(
          `there is no secret in the SSM parameter ${name}. ` +
            "Put the signing secret of Stripe's webhook endpoint there, as a SecureString",
        );
      kept = { secrets, until: now.getTime() + KEPT_MILLISECONDS };
      return secrets;
    },
  };
}

async function read(client: SSMClient, Name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name, WithDecryption: true }));
    return Parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}
