import { z } from "#platform";

/** Folders whose content other parts of the recipe, or the system itself, write. */
const RESERVED = /^\/(dev|proc|tmp|var\/run|var\/cache\/pkg|var\/db\/pkg)(\/|$)/;

/** A file that is put on the image as it stands here. */
export const FileSchema = z
  .strictObject({
    path: z
      .string()
      .regex(
        /^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._@+-]+)+$/,
        "expected an absolute path of letters, digits and ._@+-",
      )
      .refine(
        (path) => !RESERVED.test(path),
        "expected a path outside /dev, /proc, /tmp, /var/run and pkg's folders",
      )
      .meta({ description: "Absolute path on the image" }),
    mode: z
      .string('expected a quoted octal mode such as "0644"')
      .regex(/^0[0-7]{3}$/, 'expected an octal mode such as "0644"')
      .default("0644")
      .meta({ description: 'Octal mode in quotes, for example "0644"' }),
    content: z
      .string()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it must not hold
      .regex(/^[^\u0000-\u0008\u000b-\u001f\u007f]*$/, "expected text without control characters")
      .meta({ description: "Content; a newline at the end is added when it lacks one" }),
  })
  .meta({ description: "A file to put on the image" });

export type FleetFile = z.infer<typeof FileSchema>;
