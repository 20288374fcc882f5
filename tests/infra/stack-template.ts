import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { compileStack } from "../../infra/compile.ts";
import type { Place } from "../../infra/place.ts";

/** A resource of CloudFormation. */
export interface StackResource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, StackResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** An IAM statement as it stands in a template. */
export interface TemplateStatement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly unknown[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The framework's file for each place. */
export const INDEX: Readonly<Record<Place, string>> = {
  home: "serverless.yml",
  watch: "serverless.watch.yml",
};

/** Everything that a place's index adds to what the framework makes of the functions. */
export function ourTemplate(root: string, stage: string, place: Place): Template {
  const index = readFileSync(join(root, INDEX[place]), "utf8");
  const files = [...index.matchAll(/\$\{file\((infra\/[^)]+)\)\}/g)].map((match) => match[1] ?? "");
  const fragments = files.map((file) =>
    parse(readFileSync(join(root, file), "utf8").replaceAll(/\$\{sls:stage\}/g, stage)),
  );
  const compiled = compileStack(root, stage, place).resources as Template;
  return {
    Resources: Object.assign({}, compiled.Resources, ...fragments.map((one) => one.Resources)),
    Outputs: Object.assign({}, ...fragments.map((one) => one.Outputs)),
  };
}

/** The resources of a type, with their logical ids. */
export function resourcesOfType(template: Template, type: string): { id: string; resource: StackResource }[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => ({ id, resource }));
}

/** The statements of a role's own policies. */
export function statementsOf(role: StackResource): TemplateStatement[] {
  const { Policies } = role.Properties as {
    Policies: { PolicyDocument: { Statement: TemplateStatement[] } }[];
  };
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** The logical ids that a part of a template refers to, by Ref, Fn::GetAtt or Fn::Sub; AWS's own are left out. */
export function referencesIn(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(referencesIn);
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => {
    if (key === "Ref") return [String(value)];
    if (key === "Fn::GetAtt") return [String((value as unknown[])[0])];
    if (key === "Fn::Sub" && typeof value === "string")
      return [...value.matchAll(/\$\{(\w+)(?:\.\w+)?\}/g)].map((match) => match[1] ?? "");
    return referencesIn(value);
  });
}
