import {
  DeleteParameterCommand,
  GetParameterCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { pipeKeyBytes } from "#hosts";
import { perRegion, type Settings } from "#platform";
import type { KeyPlace, KeyStore } from "../ports.ts";

/** Keys as SSM SecureStrings in base64, in the regions of the two places. */
export function ssmKeyStore(settings: Settings, regions: Readonly<Record<KeyPlace, string>>): KeyStore {
  const client = perRegion(settings, (options) => new SSMClient(options));
  const at = (place: KeyPlace) => client(regions[place]);
  const put = (place: KeyPlace, Name: string, key: Buffer, Overwrite: boolean) =>
    at(place).send(
      new PutParameterCommand({ Name, Value: key.toString("base64"), Type: "SecureString", Overwrite }),
    );
  return {
    read: async (place, Name) => {
      try {
        const { Parameter } = await at(place).send(new GetParameterCommand({ Name, WithDecryption: true }));
        return pipeKeyBytes(Parameter?.Value ?? "", Name);
      } catch (error) {
        if (error instanceof ParameterNotFound) return undefined;
        throw error;
      }
    },
    create: async (place, name, key) => {
      try {
        await put(place, name, key, false);
        return true;
      } catch (error) {
        if (error instanceof ParameterAlreadyExists) return false;
        throw error;
      }
    },
    replace: async (place, name, key) => {
      await put(place, name, key, true);
    },
    remove: async (place, Name) => {
      try {
        await at(place).send(new DeleteParameterCommand({ Name }));
      } catch (error) {
        if (!(error instanceof ParameterNotFound)) throw error;
      }
    },
  };
}
