import { z } from "zod";
import { AwsError } from "../aws-error.ts";
import { readInput } from "../json-input.ts";
import type { ServiceModel } from "../service-model.ts";
import type { ParameterStore } from "./parameter-store.ts";
import { addTags, listTags, removeTags } from "./parameter-tags.ts";
import { putParameter } from "./put-parameter.ts";
import { describeParameters, getParameter, getParameters, getParametersByPath } from "./read-parameters.ts";

type Operation = (store: ParameterStore, region: string, input: unknown) => object;

/** What it can be asked. */
export const SSM_OPERATIONS: Readonly<Record<string, Operation>> = {
  GetParameter: getParameter,
  GetParameters: getParameters,
  GetParametersByPath: getParametersByPath,
  DescribeParameters: describeParameters,
  PutParameter: putParameter,
  DeleteParameter: deleteParameter,
  DeleteParameters: deleteParameters,
  AddTagsToResource: addTags,
  ListTagsForResource: listTags,
  RemoveTagsFromResource: removeTags,
};

/** Parameter Store of Systems Manager (JSON 1.1). */
export function ssmModel(store: ParameterStore): ServiceModel {
  return {
    service: "ssm",
    protocol: "json-1.1",
    namespace: "",
    operations: Object.keys(SSM_OPERATIONS),
    resourcesOf: ({ json }) => namedParameters(json),
    carryOut: async ({ operation, region, json }) => ({
      kind: "json",
      result: SSM_OPERATIONS[operation]?.(store, region, json) ?? {},
    }),
  };
}

function deleteParameter(store: ParameterStore, region: string, input: unknown) {
  const { Name } = readInput(z.object({ Name: z.string() }), input);
  if (!store.remove(region, Name)) throw new AwsError("ParameterNotFound", "");
  return {};
}

function deleteParameters(store: ParameterStore, region: string, input: unknown) {
  const { Names } = readInput(z.object({ Names: z.array(z.string()).min(1).max(10) }), input);
  const DeletedParameters = Names.filter((name) => store.remove(region, name));
  return { DeletedParameters, InvalidParameters: Names.filter((name) => !DeletedParameters.includes(name)) };
}

const Naming = z.object({
  Name: z.string().optional(),
  Names: z.array(z.string()).optional(),
  Path: z.string().optional(),
  ResourceId: z.string().optional(),
});

function namedParameters(json: unknown): string[] {
  const { Name, Names, Path, ResourceId } = Naming.safeParse(json).data ?? {};
  return [Name ?? [], Names ?? [], Path ?? [], ResourceId ?? []].flat();
}
