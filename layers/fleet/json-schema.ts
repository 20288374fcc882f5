import { z } from "#platform";
import { FleetSchema } from "./fleet.ts";

/** The parts of JSON Schema that are read here (draft 2020-12). */
export interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
}

/** JSON Schema of fleet.yml as it is written, for editors. Committed as fleet.schema.json. */
export function fleetJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(FleetSchema, { io: "input" }) };
}

/** The schema of the value at `path`; undefined where the schema knows of none. */
export function schemaAt(path: readonly PropertyKey[]): JsonSchema | undefined {
  let schema: JsonSchema | undefined = fleetJsonSchema();
  for (const step of path) {
    if (schema === undefined) return undefined;
    schema = typeof step === "number" ? schema.items : memberOf(schema, String(step));
  }
  return schema;
}

function memberOf({ properties, additionalProperties }: JsonSchema, key: string): JsonSchema | undefined {
  return properties?.[key] ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
}
