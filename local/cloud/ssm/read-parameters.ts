import { z } from "zod";
import { AwsError } from "../aws-error.ts";
import { jsonPage, readInput } from "../json-input.ts";
import { describeParameter, type Parameter, showParameter } from "./parameter.ts";
import type { ParameterStore } from "./parameter-store.ts";

const OneName = z.object({ Name: z.string(), WithDecryption: z.boolean().optional() });
const Names = z.object({ Names: z.array(z.string()).min(1).max(10), WithDecryption: z.boolean().optional() });
const ByPath = z.object({
  Path: z.string().startsWith("/"),
  Recursive: z.boolean().optional(),
  WithDecryption: z.boolean().optional(),
  MaxResults: z.number().int().min(1).max(10).optional(),
  NextToken: z.string().optional(),
});
const Filter = z.object({
  Key: z.string(),
  Option: z.string().optional(),
  Values: z.array(z.string()).optional(),
});
const Describe = z.object({
  ParameterFilters: z.array(Filter).optional(),
  MaxResults: z.number().int().min(1).max(50).optional(),
  NextToken: z.string().optional(),
});

export function getParameter(store: ParameterStore, region: string, input: unknown) {
  const { Name, WithDecryption } = readInput(OneName, input);
  return { Parameter: show(store, region, store.require(region, Name), WithDecryption) };
}

/** GetParameters: at most ten names; those that do not exist are listed, and no error. */
export function getParameters(store: ParameterStore, region: string, input: unknown) {
  const { Names: names, WithDecryption } = readInput(Names, input);
  const found = names.flatMap((name) => store.get(region, name) ?? []);
  return {
    Parameters: found.map((parameter) => show(store, region, parameter, WithDecryption)),
    InvalidParameters: names.filter((name) => store.get(region, name) === undefined),
  };
}

/** GetParametersByPath: pages of ten at most, which is also the default. */
export function getParametersByPath(store: ParameterStore, region: string, input: unknown) {
  const { Path, Recursive, WithDecryption, MaxResults, NextToken: token } = readInput(ByPath, input);
  const folder = Path.endsWith("/") ? Path : `${Path}/`;
  const all = folder.startsWith("/aws/service/") ? store.published(region) : store.own(region);
  const found = all.filter(
    ({ name }) => name.startsWith(folder) && (Recursive === true || !name.slice(folder.length).includes("/")),
  );
  const { items, nextToken } = jsonPage(found, MaxResults ?? 10, token);
  return {
    Parameters: items.map((parameter) => show(store, region, parameter, WithDecryption)),
    NextToken: nextToken,
  };
}

/** DescribeParameters: the account's own, without their values. */
export function describeParameters(store: ParameterStore, region: string, input: unknown) {
  const { ParameterFilters: filters = [], MaxResults, NextToken: token } = readInput(Describe, input);
  const found = store.own(region).filter((parameter) => filters.every((filter) => passes(parameter, filter)));
  const { items, nextToken } = jsonPage(found, MaxResults ?? 50, token);
  return {
    Parameters: items.map((parameter) => describeParameter(parameter, store.arn(region, parameter))),
    NextToken: nextToken,
  };
}

function show(store: ParameterStore, region: string, parameter: Parameter, decrypted: boolean | undefined) {
  return showParameter(parameter, store.arn(region, parameter), decrypted === true);
}

function passes(parameter: Parameter, { Key, Option, Values = [] }: z.infer<typeof Filter>): boolean {
  if (Key.startsWith("tag:")) {
    const value = parameter.tags[Key.slice(4)];
    return value !== undefined && (Values.length === 0 || Values.includes(value));
  }
  if (Key === "Type") return Values.includes(parameter.type);
  if (Key === "Path") {
    return Values.some((path) => parameter.name.startsWith(path.endsWith("/") ? path : `${path}/`));
  }
  if (Key === "Name") {
    if (Option === "BeginsWith") return Values.some((value) => parameter.name.startsWith(value));
    if (Option === "Contains") return Values.some((value) => parameter.name.includes(value));
    return Values.includes(parameter.name);
  }
  throw new AwsError("InvalidFilterKey", `The filter key ${Key} is not valid.`);
}
