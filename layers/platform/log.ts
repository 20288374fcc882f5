import { clock } from "./clock.ts";

/** Values that a log line may carry beside its message. Never secrets. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes structured lines: one JSON object each, which CloudWatch Logs Insights takes apart by itself. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** One value of a metric in CloudWatch's embedded metric format, under the namespace `nightshift`. */
  metric(name: string, value: number, unit: "Count" | "Milliseconds"): void;
}

let write: (line: string) => void = (line) => process.stdout.write(`${line}\n`);

/** Sends log lines elsewhere. For engines; returns a function that undoes it. */
export function useLogOutput(output: (line: string) => void): () => void {
  const former = write;
  write = output;
  return () => {
    write = former;
  };
}

/** A log whose every line carries `context` (function, execution, build). */
export function logWith(context: LogFields): Log {
  const line = (level: string, message: string, fields: LogFields = {}) =>
    write(JSON.stringify({ level, at: clock.now().toISOString(), message, ...context, ...fields }));
  return {
    info: (message, fields) => line("info", message, fields),
    error: (message, fields) => line("error", message, fields),
    metric: (name, value, unit) => write(JSON.stringify(embeddedMetric(name, value, unit, context))),
  };
}

// CloudWatch embedded metric format specification: `_aws` describes which members of the object are metrics.
function embeddedMetric(name: string, value: number, unit: string, context: LogFields): object {
  return {
    _aws: {
      Timestamp: clock.now().getTime(),
      CloudWatchMetrics: [
        { Namespace: "nightshift", Dimensions: [["function"]], Metrics: [{ Name: name, Unit: unit }] },
      ],
    },
    ...context,
    [name]: value,
  };
}
