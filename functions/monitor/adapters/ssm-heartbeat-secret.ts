import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { clientSettings, type Settings } from "#platform";
import { NoHeartbeatSecretError } from "../failures.ts";
import type { HeartbeatSecret } from "../ports.ts";

/** Name of the parameter that holds the secret of all heartbeat addresses of a stage. */
export function heartbeatSecretName(stage: string): string {
  return `/nightshift/${stage}/monitor/heartbeat-secret`;
}

/** The secret, from a SecureString of this region. It is read once per cold start: to change it is to change all addresses. */
export function ssmHeartbeatSecret(settings: Settings): HeartbeatSecret {
  const client = new SSMClient(clientSettings(settings));
  const Name = heartbeatSecretName(settings.stage);
  let secret: string | undefined;
  return {
    read: async () => {
      secret ??= await read(client, Name);
      return secret;
    },
  };
}

async function read(client: SSMClient, Name: string): Promise<string> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name, WithDecryption: true }));
    const value = Parameter?.Value?.trim() ?? "";
    if (value.length >= 32) return value;
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
  }
  throw new NoHeartbeatSecretError(
    `put a random text of 32 characters or more into the SSM parameter ${Name}, as a SecureString`,
  );
}
