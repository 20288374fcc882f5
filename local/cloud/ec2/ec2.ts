import type { Account } from "../account.ts";
import type { Params } from "../form.ts";
import type { Xml } from "../xml.ts";
import { Region } from "./region.ts";

/** EC2 of the rehearsed account: its enabled regions. */
export class Ec2 {
  readonly account: Account;
  readonly #regions = new Map<string, Region>();

  constructor(account: Account) {
    this.account = account;
    for (const name of account.regions) this.#regions.set(name, new Region(account, name));
  }

  /** The region of that name, if it is enabled. */
  region(name: string): Region | undefined {
    return this.#regions.get(name);
  }

  regions(): Region[] {
    return [...this.#regions.values()];
  }
}

/** Carries out one operation in one region. @throws AwsError */
export type Ec2Operation = (ec2: Ec2, region: Region, params: Params) => Xml | Promise<Xml>;
