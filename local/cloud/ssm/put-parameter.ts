import { z } from "zod";
import { AwsError } from "../aws-error.ts";
import { readInput } from "../json-input.ts";
import type { Parameter } from "./parameter.ts";
import type { ParameterStore } from "./parameter-store.ts";
import { readTags, TagList } from "./parameter-tags.ts";

/** A standard parameter holds at most 4 KB (Systems Manager user guide, "Managing parameter tiers"). */
const STANDARD_TIER_BYTES = 4096;

const Put = z.object({
  Name: z.string().min(1).max(1011),
  Value: z.string(),
  Type: z.enum(["String", "StringList", "SecureString"]).optional(),
  Description: z.string().max(1024).optional(),
  Overwrite: z.boolean().optional(),
  AllowedPattern: z.string().optional(),
  Tags: TagList.optional(),
  Tier: z.enum(["Standard", "Advanced", "Intelligent-Tiering"]).optional(),
});

/** PutParameter (SSM API). Every write makes a new version; Overwrite keeps the tags and takes none. */
export function putParameter(store: ParameterStore, region: string, input: unknown) {
  const put = readInput(Put, input);
  requireName(put.Name);
  requireValue(put.Value);
  const standing = store.get(region, put.Name);
  requireOverwrite(put, standing);
  const type = put.Type ?? standing?.type;
  if (type === undefined) {
    throw new AwsError("ValidationException", "A parameter type is required when you create a parameter.");
  }
  const now = store.account.clock.now();
  const version = (standing?.version ?? 0) + 1;
  store.set(region, {
    name: put.Name,
    type,
    value: put.Value,
    version,
    description: put.Description ?? standing?.description,
    createdAt: standing?.createdAt ?? now,
    modifiedAt: now,
    tags: standing?.tags ?? readTags(put.Tags ?? []),
  });
  return { Version: version, Tier: "Standard" };
}

function requireOverwrite({ Overwrite, Tags }: z.infer<typeof Put>, standing: Parameter | undefined): void {
  if (Overwrite === true && Tags !== undefined) {
    throw new AwsError(
      "ValidationException",
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  }
  if (standing !== undefined && Overwrite !== true) {
    throw new AwsError(
      "ParameterAlreadyExists",
      "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    );
  }
}

/** Names: letters, digits and `._-`, fully qualified when in a hierarchy of 15 levels at most. */
function requireName(name: string): void {
  if (/^\/?(aws|ssm)/i.test(name)) {
    const reason = name.startsWith("/aws")
      ? "No access to reserved parameter name"
      : 'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive)';
    throw new AwsError(
      name.startsWith("/aws") ? "AccessDeniedException" : "ValidationException",
      `${reason}: ${name}.`,
    );
  }
  if (!/^[A-Za-z0-9._/-]+$/.test(name)) {
    throw new AwsError(
      "ValidationException",
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  }
  if (name.includes("/") && !name.startsWith("/")) {
    throw new AwsError("ValidationException", "Parameter name must be a fully qualified name.");
  }
  if (name.split("/").length - 1 > 15) {
    throw new AwsError(
      "HierarchyLevelLimitExceededException",
      "A hierarchy can have a maximum of 15 levels.",
    );
  }
}

function requireValue(value: string): void {
  if (value === "") throw new AwsError("ValidationException", "The value of a parameter can't be empty.");
  if (Buffer.byteLength(value) > STANDARD_TIER_BYTES) {
    throw new AwsError(
      "ValidationException",
      "Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html",
    );
  }
}
