import { z } from "#platform";
import { FleetSchema } from "./fleet.ts";

/** The parts of JSON Schema that are read here (draft 2020-12). */
export interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly const?: unknown;
}

/** JSON Schema of fleet.yml as it is written, for editors. Committed as fleet.schema.json. */
export function fleetJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(FleetSchema, { io: "input" }) };
}

/**
 * The schema of the value at `path`; undefined where the schema knows of none.
 * @param root the whole value: its `kind` decides where there are several
 */
export function schemaAt(path: readonly PropertyKey[], root: unknown): JsonSchema | undefined {
  let value = root;
  let schema = chosen(fleetJsonSchema(), value);
  for (const step of path) {
    if (schema === undefined) return undefined;
    value = typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined;
    schema = chosen(typeof step === "number" ? schema.items : memberOf(schema, String(step)), value);
  }
  return schema;
}

/** Of several shapes, the one whose `kind` the value has. */
function chosen(schema: JsonSchema | undefined, value: unknown): JsonSchema | undefined {
  if (schema?.oneOf === undefined) return schema;
  const kind = typeof value === "object" && value !== null ? Reflect.get(value, "kind") : undefined;
  return schema.oneOf.find(({ properties }) => properties?.kind?.const === kind);
}

function memberOf({ properties, additionalProperties }: JsonSchema, key: string): JsonSchema | undefined {
  return properties?.[key] ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
}
