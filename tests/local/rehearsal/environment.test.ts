import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { bucketName, enterEnvironment } from "../../../local/rehearsal/environment.ts";

const FUNCTION = { stage: "test", region: "us-east-1", fleetFile: "fleet.json", bucket: "bucket" };

let former: NodeJS.ProcessEnv;
beforeEach(() => {
  former = { ...process.env };
});
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in former)) delete process.env[name];
  Object.assign(process.env, former);
});

it("a rehearsal's functions find its cloud, and nothing of the stranger's own AWS settings", () => {
  process.env.AWS_ACCESS_KEY_ID = "REAL";
  process.env.AWS_SESSION_TOKEN = "real";
  enterEnvironment({ ...FUNCTION, sshPort: 2222, endpoint: "http://127.0.0.1:1" });
  expect(process.env).toMatchObject({
    AWS_REGION: "us-east-1",
    NIGHTSHIFT_STAGE: "test",
    NIGHTSHIFT_FLEET: "fleet.json",
    NIGHTSHIFT_BUCKET: "bucket",
    NIGHTSHIFT_SSH_PORT: "2222",
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    AWS_ACCESS_KEY_ID: "REHEARSAL",
    AWS_SESSION_TOKEN: "",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_CONFIG_FILE: "/dev/null",
  });
});

it("on real AWS the user's own credentials stay as they are", () => {
  process.env.AWS_ACCESS_KEY_ID = "REAL";
  delete process.env.AWS_ENDPOINT_URL;
  enterEnvironment(FUNCTION);
  expect(process.env.AWS_ACCESS_KEY_ID).toBe("REAL");
  expect(process.env).not.toHaveProperty("AWS_ENDPOINT_URL");
});

it("the two stacks of a stage never claim the same bucket", () => {
  expect(bucketName("prod", "123456789012")).toBe("nightshift-prod-123456789012");
  expect(bucketName("prod", "123456789012", "watch")).toBe("nightshift-prod-123456789012-status");
});

it("goes as it came, what was not there before included", () => {
  process.env.AWS_REGION = "eu-west-1";
  delete process.env.NIGHTSHIFT_SSH_PORT;
  const before = { ...process.env };
  const leave = enterEnvironment({ ...FUNCTION, sshPort: 2222, endpoint: "http://127.0.0.1:1" });
  leave();
  expect({ ...process.env }).toEqual(before);
});
