import { AwsError } from "../aws-error.ts";

/**
 * EC2's errors for ids that do not exist, do not show yet, or are no ids at all (EC2 API, "Error codes").
 * Each takes the offending ids.
 */
export function noInstance(ids: readonly string[]): AwsError {
  if (!ids.every((id) => isId("i", id))) return malformed("InvalidInstanceID.Malformed", "i", ids);
  const what =
    ids.length === 1 ? `The instance ID '${ids[0]}' does` : `The instance IDs '${ids.join(", ")}' do`;
  return new AwsError("InvalidInstanceID.NotFound", `${what} not exist`);
}

export function noImage(ids: readonly string[]): AwsError {
  if (!ids.every((id) => isId("ami", id))) return malformed("InvalidAMIID.Malformed", "ami", ids);
  const what =
    ids.length === 1 ? `The image id '[${ids[0]}]' does` : `The image ids '[${ids.join(", ")}]' do`;
  return new AwsError("InvalidAMIID.NotFound", `${what} not exist`);
}

export function noVolume(ids: readonly string[]): AwsError {
  return new AwsError("InvalidVolume.NotFound", `The volume '${ids.join(", ")}' does not exist.`);
}

export function noSnapshot(ids: readonly string[]): AwsError {
  return new AwsError("InvalidSnapshot.NotFound", `The snapshot '${ids.join(", ")}' does not exist.`);
}

export function noKeyPair(names: readonly string[]): AwsError {
  return new AwsError("InvalidKeyPair.NotFound", `The key pair '${names.join(", ")}' does not exist`);
}

export function noSecurityGroup(ids: readonly string[]): AwsError {
  return new AwsError("InvalidGroup.NotFound", `The security group '${ids.join(", ")}' does not exist`);
}

function isId(prefix: string, id: string): boolean {
  return new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(id);
}

function malformed(code: string, prefix: string, ids: readonly string[]): AwsError {
  return new AwsError(
    code,
    `Invalid id: "${ids.find((id) => !isId(prefix, id))}" (expecting "${prefix}-...")`,
  );
}
