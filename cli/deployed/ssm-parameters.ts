import {
  GetParameterCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { explainAwsError } from "./aws-error.ts";
import type { Parameters } from "./parameters.ts";

/** Parameter Store in one region, with the operator's own credentials (the SDK's credential chain). */
export function ssmParameters(region: string): Parameters {
  const client = new SSMClient({ region, userAgentAppId: "nightshift-cli" });
  const explained = (error: unknown) => Promise.reject(explainAwsError(error, region));
  const inspect = async (Name: string) => {
    try {
      const { Parameter } = await client.send(new GetParameterCommand({ Name, WithDecryption: true }));
      if (Parameter?.Value === undefined) return undefined;
      return { value: Parameter.Value, modifiedAt: Parameter.LastModifiedDate };
    } catch (error) {
      return error instanceof ParameterNotFound ? undefined : explained(error);
    }
  };
  return {
    inspect,
    read: async (name) => (await inspect(name))?.value,
    putSecret: async (Name, Value, Description) => {
      try {
        // Without Overwrite it is a conditional write: of two operators at once, one makes the secret.
        await client.send(new PutParameterCommand({ Name, Value, Description, Type: "SecureString" }));
        return true;
      } catch (error) {
        return error instanceof ParameterAlreadyExists ? false : explained(error);
      }
    },
  };
}
