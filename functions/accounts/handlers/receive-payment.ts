import { readFleet } from "#fleet";
import { DollarText } from "#ledger";
import { lambda } from "#platform";
import { dynamoDbPaymentBook } from "../adapters/dynamodb-payment-book.ts";
import { sfnBillingEntries } from "../adapters/sfn-billing-entries.ts";
import { ssmWebhookSecrets } from "../adapters/ssm-parameters.ts";
import { receivePayment } from "../receive-payment.ts";
import { WebhookRequestSchema } from "../webhook-request.ts";

/** Stripe's webhook, behind a function URL (infra/accounts.yml). */
export const handler = lambda({
  input: WebhookRequestSchema,
  services: (settings) => ({
    secrets: ssmWebhookSecrets(settings),
    payments: dynamoDbPaymentBook(settings),
    entries: sfnBillingEntries(settings),
    minimum: DollarText.optional().parse(readFleet(settings.fleetFile).billing?.minimumPaymentDollars),
  }),
  run: (request, services, { clock, log }) => receivePayment(request, { ...services, now: clock.now(), log }),
});
