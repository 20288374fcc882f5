import { Failure } from "#platform";

/** One thing that is wrong with a fleet file. Line and column count from 1; path is `images.base.release`. */
export interface FleetProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
}

/** The fleet file cannot be used. `problems` holds everything that is wrong with it, in the order of the file. */
export class FleetError extends Failure {
  override readonly name = "FleetError";
  readonly problems: readonly FleetProblem[];

  constructor(message: string, problems: readonly FleetProblem[] = []) {
    super(message);
    this.problems = problems;
  }
}

/** The error for a list of problems, one line each, in the form that editors jump to: `file:line:column: ...`. */
export function fleetErrorOf(problems: readonly FleetProblem[]): FleetError {
  const ordered = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  return new FleetError(ordered.map(renderProblem).join("\n"), ordered);
}

function renderProblem({ file, line, column, path, message }: FleetProblem): string {
  return `${file}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`;
}
