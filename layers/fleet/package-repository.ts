import { z } from "#platform";
import { RepositoryUrl } from "./field-types.ts";

/** A package repository of one's own, in place of FreeBSD's (pkg.conf(5), "REPOSITORY CONFIGURATION"). */
export const PackageRepositorySchema = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^(?!FreeBSD)[A-Za-z][A-Za-z0-9_-]*$/,
        "expected letters, digits, - and _, not beginning with FreeBSD",
      )
      .meta({ description: "Tag of the repository in pkg's configuration" }),
    url: RepositoryUrl.meta({
      description: "Where hosts of this image find it, as a rule the near end of a pipe",
    }),
    buildUrl: RepositoryUrl.meta({ description: "Where the builder finds it: it has no pipe yet" }),
    fingerprint: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits in lower case")
      .optional()
      .meta({ description: "SHA-256 of the public key that signs the repository" }),
    publicKey: z
      .string()
      .regex(
        /^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----\n?$/,
        "expected a public key in PEM",
      )
      .optional()
      .meta({ description: "The public key that signs the repository, in PEM" }),
  })
  .superRefine((repository, context) => {
    const { buildUrl, fingerprint, publicKey } = repository;
    if (fingerprint !== undefined && publicKey !== undefined) {
      context.addIssue({
        code: "custom",
        path: ["publicKey"],
        message: "give either fingerprint or publicKey, not both",
      });
    }
    const signed = fingerprint !== undefined || publicKey !== undefined;
    if (!signed && !buildUrl.startsWith("https://")) {
      context.addIssue({
        code: "custom",
        path: ["buildUrl"],
        message: "packages that are not signed must at least come by https: add a fingerprint, or use https",
      });
    }
  })
  .meta({ description: "A package repository of one's own, in place of FreeBSD's" });

export type PackageRepository = z.infer<typeof PackageRepositorySchema>;
