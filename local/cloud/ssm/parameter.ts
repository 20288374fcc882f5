/** A parameter of Parameter Store. */
export interface Parameter {
  readonly name: string;
  readonly type: "String" | "StringList" | "SecureString";
  readonly value: string;
  readonly version: number;
  readonly description: string | undefined;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
  readonly tags: Record<string, string>;
}

/** A parameter's ARN; a name with a slash in front stands behind `parameter` as it is. */
export function parameterArn(region: string, accountId: string, name: string): string {
  return `arn:aws:ssm:${region}:${accountId}:parameter${name.startsWith("/") ? "" : "/"}${name}`;
}

/** A parameter as GetParameter answers it. A sealed value is as opaque as KMS's, and never shows the secret. */
export function showParameter(parameter: Parameter, arn: string, decrypted: boolean) {
  const sealed = parameter.type === "SecureString" && !decrypted;
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: sealed ? sealedValue(parameter) : parameter.value,
    Version: parameter.version,
    LastModifiedDate: parameter.modifiedAt.getTime() / 1000,
    ARN: arn,
    DataType: "text",
  };
}

/** A parameter as DescribeParameters answers it: everything but its value. */
export function describeParameter(parameter: Parameter, arn: string) {
  return {
    Name: parameter.name,
    ARN: arn,
    Type: parameter.type,
    Description: parameter.description,
    LastModifiedDate: parameter.modifiedAt.getTime() / 1000,
    Version: parameter.version,
    Tier: "Standard",
    Policies: [],
    DataType: "text",
    ...(parameter.type === "SecureString" ? { KeyId: "alias/aws/ssm" } : {}),
  };
}

function sealedValue({ name, version }: Parameter): string {
  return `AQICAHh${Buffer.from(`sealed ${name} ${version}`).toString("base64")}`;
}
