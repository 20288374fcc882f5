import { AwsError } from "../aws-error.ts";
import { type Params, requiredText, text } from "../form.ts";
import type { ServiceModel } from "../service-model.ts";
import type { Xml } from "../xml.ts";

/** What it can be asked. */
export const CLOUDFORMATION_OPERATIONS: Readonly<Record<string, (params: Params) => Xml>> = {
  DescribeStacks: (params) => {
    if (text(params, "StackName") !== undefined) throw noStack(params);
    return { Stacks: [] };
  },
  ListStacks: () => ({ StackSummaries: [] }),
  DescribeStackResource: (params) => {
    throw noStack(params);
  },
  DescribeStackResources: (params) => {
    throw noStack(params);
  },
  ListStackResources: (params) => {
    throw noStack(params);
  },
  ValidateTemplate: (params) => {
    if (text(params, "TemplateURL") === undefined) requireJson(requiredText(params, "TemplateBody"));
    return { Parameters: [], Capabilities: ["CAPABILITY_NAMED_IAM"] };
  },
};

/**
 * CloudFormation (query) of an account in which nothing has been deployed yet. That is what the framework asks while
 * it packages a layer, and why the whole stack packages without credentials.
 */
export function cloudFormationModel(): ServiceModel {
  return {
    service: "cloudformation",
    protocol: "query",
    namespace: "http://cloudformation.amazonaws.com/doc/2010-05-15/",
    operations: Object.keys(CLOUDFORMATION_OPERATIONS),
    resourcesOf: ({ params }) => [text(params, "StackName") ?? []].flat(),
    carryOut: async ({ operation, params }) => ({
      kind: "xml",
      result: CLOUDFORMATION_OPERATIONS[operation]?.(params),
    }),
  };
}

function noStack(params: Params): AwsError {
  return new AwsError("ValidationError", `Stack with id ${requiredText(params, "StackName")} does not exist`);
}

// The framework sends JSON. Whether the template makes sense is not looked at.
function requireJson(template: string): void {
  try {
    JSON.parse(template);
  } catch {
    throw new AwsError("ValidationError", "Template format error: JSON not well-formed.");
  }
}
