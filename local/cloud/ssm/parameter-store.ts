import type { Account } from "../account.ts";
import { AwsError } from "../aws-error.ts";
import type { Ec2 } from "../ec2/ec2.ts";
import { type Parameter, parameterArn } from "./parameter.ts";

/** Parameters of the account, region by region, and the public ones that FreeBSD publishes. */
export class ParameterStore {
  readonly account: Account;
  readonly #ec2: Ec2;
  readonly #regions = new Map<string, Map<string, Parameter>>();

  constructor(account: Account, ec2: Ec2) {
    this.account = account;
    this.#ec2 = ec2;
  }

  /** The account's own parameters of a region, sorted by name. */
  own(region: string): Parameter[] {
    return [...this.#of(region).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Public parameters of a region: `/aws/service/freebsd/ARCH/FLAVOUR/FS/VERSION/RELEASE` names an image. */
  published(region: string): Parameter[] {
    const images = this.#ec2.region(region)?.freebsd ?? new Map();
    return [...images].map(([name, image]) => ({
      name,
      type: "String",
      value: image.id,
      version: 1,
      description: image.name,
      createdAt: image.createdAt,
      modifiedAt: image.createdAt,
      tags: {},
    }));
  }

  get(region: string, name: string): Parameter | undefined {
    const own = this.#of(region).get(name);
    if (own !== undefined || !name.startsWith("/aws/service/")) return own;
    return this.published(region).find((parameter) => parameter.name === name);
  }

  /** The parameter of that name; it may also be an ARN. @throws AwsError ParameterNotFound, whose message is empty */
  require(region: string, nameOrArn: string): Parameter {
    const found = this.get(region, bareName(nameOrArn));
    if (found === undefined) throw new AwsError("ParameterNotFound", "");
    return found;
  }

  /** The account's own parameter of that name. @throws AwsError InvalidResourceId, as the tagging calls say it */
  requireResource(region: string, name: string): Parameter {
    const found = this.#of(region).get(name);
    if (found === undefined) {
      throw new AwsError(
        "InvalidResourceId",
        "The resource ID is not valid. Verify that you entered the correct ID and try again.",
      );
    }
    return found;
  }

  set(region: string, parameter: Parameter): void {
    this.#of(region).set(parameter.name, parameter);
  }

  /** Removes an own parameter; false when there is none. */
  remove(region: string, name: string): boolean {
    return this.#of(region).delete(name);
  }

  arn(region: string, { name }: Parameter): string {
    // Public parameters belong to nobody's account.
    return parameterArn(region, name.startsWith("/aws/service/") ? "" : this.account.accountId, name);
  }

  #of(region: string): Map<string, Parameter> {
    const known = this.#regions.get(region);
    if (known !== undefined) return known;
    const made = new Map<string, Parameter>();
    this.#regions.set(region, made);
    return made;
  }
}

function bareName(nameOrArn: string): string {
  return /^arn:aws:ssm:[^:]*:[^:]*:parameter(\/.*)$/.exec(nameOrArn)?.[1] ?? nameOrArn;
}
