/** Name of the table: partition key `check`, sort key `item`, and `expiresAt` in seconds since 1970. */
export function updatesTableName(stage: string): string {
  return `nightshift-${stage}-updates`;
}
