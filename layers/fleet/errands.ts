import { z } from "#platform";
import { SshPublicKey } from "./ssh-public-key.ts";

/*
 * What nightshift's functions do on hosts. Each errand has an SSH key of its own, which lets root in for one command and
 * nothing else (sshd_config(5), PermitRootLogin forced-commands-only; functions/ami/recipe/host-access.ts).
 */

const publicKey = SshPublicKey.meta({
  description: "Public key that images let in for this errand alone; `nightshift keys new` prints it",
});

/** Named by its errand, so that the functions of one cannot read the key of another (functions.yml of their domains). */
const keyOf = (errand: string) =>
  z
    .string()
    .regex(
      new RegExp(`^/nightshift/ssh/${errand}[A-Za-z0-9_.-]*$`),
      `expected the SSM parameter /nightshift/ssh/${errand}, or one whose name begins like that`,
    )
    .default(`/nightshift/ssh/${errand}`)
    .meta({ description: "SSM SecureString of the home region with its private key" });

/** The morning's check for updates. Without this section, hosts look by themselves (cron), and mail every day. */
export const UpdatesCheckSchema = z
  .strictObject({
    publicKey,
    sshKeyParameter: keyOf("updates"),
    endOfLifeDays: z
      .number()
      .int("expected whole days")
      .min(1)
      .max(730)
      .default(60)
      .meta({ description: "How long before its end of life a release is mentioned" }),
    startBuild: z.boolean().default(false).meta({
      description: "Build an image anew when what it is made from has changed",
    }),
  })
  .meta({ description: "The morning's check for updates, which installs none" });

export type UpdatesCheck = z.infer<typeof UpdatesCheckSchema>;

/** The rotation of pipes' keys. Without this section `nightshift keys rotate` cannot reach the hosts. */
export const TunnelsSchema = z
  .strictObject({
    publicKey,
    sshKeyParameter: keyOf("tunnels"),
    secondPortOffset: z
      .int()
      .min(1)
      .max(30_000)
      .default(1000)
      .meta({
        description:
          "While a key is rotated, its pipe listens on a second port as well: so much above the first. " +
          "Let it in where you let in the first",
      }),
  })
  .meta({ description: "The rotation of pipes' keys" });

export type Tunnels = z.infer<typeof TunnelsSchema>;
