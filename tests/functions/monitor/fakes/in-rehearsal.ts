import { afterAll, beforeAll } from "@jest/globals";
import { openRehearsedAccount, type RehearsedAccount } from "../../../local/cloud/rehearsed-account.ts";

/** Points adapters, which take the SDK's own settings, at a rehearsed account. Returns a function that undoes it. */
export function inRehearsal({ door }: Pick<RehearsedAccount, "door">): () => void {
  const settings = {
    AWS_ENDPOINT_URL: door.url,
    AWS_ACCESS_KEY_ID: "REHEARSAL",
    AWS_SECRET_ACCESS_KEY: "rehearsal",
  };
  const former = Object.keys(settings).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, settings);
  return () => {
    for (const [name, value] of former) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

/** Opens an account for the tests of a file, and points adapters at it. Answers a way to ask for it. */
export function rehearsedAccount(): () => RehearsedAccount {
  let account: RehearsedAccount | undefined;
  let leave = (): void => undefined;
  beforeAll(async () => {
    account = await openRehearsedAccount();
    leave = inRehearsal(account);
  });
  afterAll(async () => {
    leave();
    await account?.close();
  });
  return () => {
    if (account === undefined) throw new Error("the account is not open yet");
    return account;
  };
}
