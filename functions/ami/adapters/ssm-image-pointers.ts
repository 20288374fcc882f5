import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { perRegion, type Settings } from "#platform";
import type { ImagePointers } from "../ports.ts";
import { unlessMissing } from "./ec2-clients.ts";

/** Pointers as SSM String parameters, one per region. */
export function ssmImagePointers(settings: Settings): ImagePointers {
  const client = perRegion(settings, (options) => new SSMClient(options));
  return {
    current: async (region, name) => {
      const found = await unlessMissing(["ParameterNotFound"], () =>
        client(region).send(new GetParameterCommand({ Name: name })),
      );
      return found?.Parameter?.Value;
    },
    move: async (region, name, imageId) => {
      await client(region).send(
        new PutParameterCommand({ Name: name, Value: imageId, Type: "String", Overwrite: true }),
      );
    },
  };
}
