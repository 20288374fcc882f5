/** Name of the monitor's table: partition key `part`, sort key `item`, and `expiresAt` in seconds since 1970. */
export function monitorTableName(stage: string): string {
  return `nightshift-${stage}-monitor`;
}
