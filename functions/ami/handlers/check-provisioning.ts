import { lambda, z } from "#platform";
import { sshBuilderShell } from "../adapters/ssh-builder-shell.ts";
import { ssmSecrets } from "../adapters/ssm-secrets.ts";
import { BuildSchema, ClaimSchema } from "../build.ts";
import { BootedBuilderSchema } from "../check-builder.ts";
import { checkProvisioning } from "../provision.ts";
import { WaitingSchema } from "../wait-policy.ts";

/** Looks whether the provisioning script has ended. */
export const handler = lambda({
  input: z.object({
    build: BuildSchema,
    claim: ClaimSchema,
    builder: BootedBuilderSchema,
    wait: WaitingSchema,
  }),
  services: (settings) => ({ shell: sshBuilderShell(settings), secrets: ssmSecrets(settings) }),
  run: ({ build, claim, builder, wait }, services, { clock, settings }) =>
    checkProvisioning(
      { stage: settings.stage, build, builder },
      { attempt: wait.attempt, now: clock.now(), deadlineAt: claim.deadlineAt },
      services,
    ),
});
