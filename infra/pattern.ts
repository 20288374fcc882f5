import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "#platform";
import { nameFunction } from "./function-name.ts";
import { ofPlace, type Place } from "./place.ts";
import { lambdaId, machineId } from "./state-machine.ts";

const Pattern = z.strictObject({
  description: z.string(),
  source: z.array(z.string()),
  "detail-type": z.array(z.string()),
  function: z.string().regex(/^[a-z]+\/[a-z0-9-]+$/, "domain/handler"),
});

export type Pattern = z.infer<typeof Pattern>;

/** The patterns of `events/patterns/`, by file name. @throws Error naming the place that is wrong */
export function readPatterns(root: string): Record<string, Pattern> {
  const folder = join("events", "patterns");
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith(".yml"));
  return Object.fromEntries(
    files.map((file) => {
      const parsed = Pattern.safeParse(parse(readFileSync(join(root, folder, file), "utf8")));
      if (!parsed.success) throw new Error(`${folder}/${file}: ${z.prettifyError(parsed.error)}`);
      return [file.replace(/\.yml$/, ""), parsed.data];
    }),
  );
}

/**
 * The CloudFormation resources of the patterns that belong to a place: a rule on that region's default bus each, and its
 * right to call the function.
 */
export function patternResources(patterns: Record<string, Pattern>, stage: string, place: Place) {
  return Object.fromEntries(
    Object.entries(ofPlace(patterns, place)).flatMap(([name, pattern]) => {
      const [domain = "", handler = ""] = pattern.function.split("/");
      const arn = { "Fn::GetAtt": [lambdaId(nameFunction(domain, handler).key), "Arn"] };
      const rule = {
        Type: "AWS::Events::Rule",
        Properties: {
          Name: `nightshift-${stage}-${name}`,
          Description: pattern.description,
          EventPattern: { source: pattern.source, "detail-type": pattern["detail-type"] },
          Targets: [{ Id: handler, Arn: arn, RetryPolicy: { MaximumRetryAttempts: 10 } }],
        },
      };
      const permission = {
        Type: "AWS::Lambda::Permission",
        Properties: {
          Action: "lambda:InvokeFunction",
          FunctionName: arn,
          Principal: "events.amazonaws.com",
          SourceArn: { "Fn::GetAtt": [`${machineId(name)}Rule`, "Arn"] },
        },
      };
      return [
        [`${machineId(name)}Rule`, rule],
        [`${machineId(name)}Permission`, permission],
      ];
    }),
  );
}
