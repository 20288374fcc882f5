import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { compileStack } from "../../infra/compile.ts";

const ROOT = join(import.meta.dirname, "../..");

/** A resource of CloudFormation. */
export interface StackResource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, StackResource>>;
}

/** An IAM statement as it stands in a template. */
export interface TemplateStatement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly unknown[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Everything that serverless.yml adds to what the framework makes of the functions. */
export function ourTemplate(stage: string): Template {
  const fragments = ["infra/accounts.yml", "infra/ami.yml", "infra/billing.yml", "infra/mail.yml"].map(
    (file) => parse(readFileSync(join(ROOT, file), "utf8").replaceAll(/\$\{sls:stage\}/g, stage)),
  );
  const compiled = compileStack(ROOT, stage).resources as Template;
  return { Resources: Object.assign({}, compiled.Resources, ...fragments.map((one) => one.Resources)) };
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
