import { dynamoDbRotationBook } from "../../functions/tunnels/adapters/dynamodb-rotation-book.ts";
import { explainAwsError } from "./aws-error.ts";
import { operatorSettings } from "./operator-settings.ts";
import type { Rotations } from "./rotations.ts";

/** The book of rotations of a stage, with the operator's credentials. Keys can be looked at before a stage is deployed. */
export function dynamoDbRotations(region: string, stage: string): Rotations {
  const book = dynamoDbRotationBook(operatorSettings(region, stage));
  return {
    find: async (pipe) => {
      try {
        return await book.find(pipe);
      } catch (error) {
        if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
        throw explainAwsError(error, region);
      }
    },
  };
}
