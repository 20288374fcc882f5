import type { Account } from "../account.ts";
import { AwsError } from "../aws-error.ts";
import { freebsdImages } from "../ec2/freebsd-images.ts";

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
  readonly tags: Record<string, string>;
}

type Input = Readonly<Record<string, unknown>>;

/** A standard parameter holds at most 4 KB (Systems Manager user guide, "Managing parameter tiers"). */
const STANDARD_TIER_BYTES = 4096;

/** Parameter Store of the rehearsed account (JSON 1.1). */
export class Ssm {
  readonly #account: Account;
  readonly #regions = new Map<string, Map<string, Parameter>>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** The account's own parameters, region by region. */
  parameters(): { region: string; parameter: Parameter }[] {
    return [...this.#regions].flatMap(([region, own]) =>
      [...own.values()].map((parameter) => ({ region, parameter })),
    );
  }

  call(region: string, operation: string, input: Input): unknown {
    const run = this.#operations[operation];
    if (run === undefined) throw new AwsError("UnknownOperationException", `no operation ${operation}`);
    return run(region, input);
  }

  readonly #operations: Readonly<Record<string, (region: string, input: Input) => unknown>> = {
    GetParameter: (region, input) => ({
      Parameter: this.#shown(this.#require(region, input.Name), input),
    }),
    GetParameters: (region, input) => this.#getParameters(region, input),
    GetParametersByPath: (region, input) => this.#getParametersByPath(region, input),
    PutParameter: (region, input) => this.#putParameter(region, input),
    DeleteParameter: (region, input) => {
      const { name } = this.#require(region, input.Name);
      this.#own(region).delete(name);
      return {};
    },
    AddTagsToResource: (region, input) => {
      Object.assign(this.#require(region, input.ResourceId, "InvalidResourceId").tags, tagsOf(input.Tags));
      return {};
    },
    ListTagsForResource: (region, input) => {
      const { tags } = this.#require(region, input.ResourceId, "InvalidResourceId");
      return { TagList: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
    },
  };

  /** Names of the operations, for fault injection. */
  operations(): string[] {
    return Object.keys(this.#operations);
  }

  #own(region: string): Map<string, Parameter> {
    const own = this.#regions.get(region) ?? new Map<string, Parameter>();
    this.#regions.set(region, own);
    return own;
  }

  #find(region: string, name: string): Parameter | undefined {
    const own = this.#own(region).get(name);
    if (own !== undefined || !name.startsWith("/aws/service/freebsd/")) return own;
    const image = freebsdImages(region).get(name);
    if (image === undefined) return undefined;
    const { createdAt, id: value } = image;
    return { name, type: "String", value, version: 1, createdAt, modifiedAt: createdAt, tags: {} };
  }

  #require(region: string, name: unknown, code = "ParameterNotFound"): Parameter {
    const found = this.#find(region, String(name));
    if (found === undefined)
      throw new AwsError(code, code === "ParameterNotFound" ? "" : `no parameter ${name}`);
    return found;
  }

  #getParameters(region: string, input: Input) {
    const names = Array.isArray(input.Names) ? input.Names.map(String) : [];
    if (names.length > 10) {
      throw new AwsError("ValidationException", "Member must have length less than or equal to 10");
    }
    const found = names.map((name) => ({ name, parameter: this.#find(region, name) }));
    return {
      Parameters: found.flatMap(({ parameter }) =>
        parameter === undefined ? [] : [this.#shown(parameter, input)],
      ),
      InvalidParameters: found.flatMap(({ name, parameter }) => (parameter === undefined ? [name] : [])),
    };
  }

  #getParametersByPath(region: string, input: Input) {
    const path = `${String(input.Path).replace(/\/$/, "")}/`;
    const recursive = input.Recursive === true;
    const found = [...this.#own(region).values()]
      .filter(({ name }) => name.startsWith(path) && (recursive || !name.slice(path.length).includes("/")))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const start = Number(input.NextToken ?? 0);
    const end = start + Number(input.MaxResults ?? 10);
    return {
      Parameters: found.slice(start, end).map((parameter) => this.#shown(parameter, input)),
      ...(end < found.length ? { NextToken: String(end) } : {}),
    };
  }

  #putParameter(region: string, input: Input) {
    const name = String(input.Name);
    const value = String(input.Value);
    const standing = this.#own(region).get(name);
    const overwrite = input.Overwrite === true;
    if (overwrite && input.Tags !== undefined) {
      throw new AwsError(
        "ValidationException",
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
      );
    }
    if (standing !== undefined && !overwrite) {
      throw new AwsError(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
      );
    }
    if (!/^\/?[A-Za-z0-9._/-]+$/.test(name) || /^\/?(aws|ssm)(\/|$)/i.test(name)) {
      throw new AwsError(
        "ValidationException",
        `Parameter name: can't be prefixed with "aws" or "ssm", or holds characters that are not allowed: ${name}`,
      );
    }
    if (Buffer.byteLength(value) > STANDARD_TIER_BYTES) {
      throw new AwsError(
        "ValidationException",
        "Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.",
      );
    }
    const now = this.#account.clock.now();
    const version = (standing?.version ?? 0) + 1;
    this.#own(region).set(name, {
      name,
      value,
      version,
      type: String(input.Type ?? standing?.type ?? "String"),
      createdAt: standing?.createdAt ?? now,
      modifiedAt: now,
      tags: standing?.tags ?? tagsOf(input.Tags),
    });
    return { Version: version, Tier: "Standard" };
  }

  #shown(parameter: Parameter, input: Input) {
    const sealed = parameter.type === "SecureString" && input.WithDecryption !== true;
    return {
      Name: parameter.name,
      Type: parameter.type,
      Value: sealed ? `AQICAHh${Buffer.from(parameter.name).toString("base64")}` : parameter.value,
      Version: parameter.version,
      LastModifiedDate: parameter.modifiedAt.getTime() / 1000,
      DataType: "text",
    };
  }
}

function tagsOf(tags: unknown): Record<string, string> {
  if (!Array.isArray(tags)) return {};
  return Object.fromEntries(tags.map((tag: { Key: string; Value: string }) => [tag.Key, tag.Value]));
}
