import { OperatorError } from "../operator-error.ts";
import { explainAwsError } from "./aws-error.ts";

/** An error of a call about the monitor as the operator should read it: without its table it is not deployed. */
export function explainWatchError(error: unknown, region: string, stage: string): unknown {
  if (error instanceof Error && error.name === "ResourceNotFoundException")
    return notDeployed(region, stage, { cause: error });
  return explainAwsError(error, region);
}

/** That there is no monitor of a stage, and what makes one. */
export function notDeployed(region: string, stage: string, options?: ErrorOptions): OperatorError {
  return new OperatorError(
    `the monitor is not deployed as stage "${stage}" in ${region}`,
    `Deploy it: npm run deploy -- --stage ${stage} --only watch`,
    options,
  );
}
