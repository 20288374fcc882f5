/**
 * List prices in US dollars, as published by AWS for us-east-1 (EC2 On-Demand, EBS, Step Functions, Lambda, DynamoDB
 * and SES pricing pages), read in 2026. Other regions of a small fleet (us-west-2) cost the same. Free tiers and
 * taxes are left out: the figures are what a busy account pays.
 */
export const PRICES = {
  /** Linux/FreeBSD on demand, per hour, billed by the second with a minimum of 60 seconds. */
  instanceHour: {
    "t3.nano": 0.0052,
    "t3.micro": 0.0104,
    "t3.small": 0.0208,
    "t3.medium": 0.0416,
    "t3.large": 0.0832,
    "m7i.large": 0.1008,
    "m7i.xlarge": 0.2016,
    "r7i.large": 0.1323,
    "r7i.xlarge": 0.2646,
    "t4g.nano": 0.0042,
    "t4g.small": 0.0168,
    "m7g.large": 0.0816,
    "m7g.xlarge": 0.1632,
    "r7g.large": 0.1071,
  } as Readonly<Record<string, number>>,
  publicIpv4Hour: 0.005,
  gp3GibMonth: 0.08,
  snapshotGibMonth: 0.05,
  /** Data transfer out of us-east-1 to another region, which a snapshot copy is. */
  interRegionGib: 0.02,
  dynamoDbWriteUnit: 0.625e-6,
  dynamoDbReadUnit: 0.125e-6,
  sesMail: 0.1e-3,
  stateTransition: 25e-6,
  lambdaRequest: 0.2e-6,
  /** arm64, first tier. */
  lambdaGibSecond: 13.3334e-6,
} as const;

export const HOURS_PER_MONTH = 730;
