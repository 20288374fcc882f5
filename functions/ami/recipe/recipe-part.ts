/** A file to write on the product. */
export interface RecipeFile {
  /** Absolute on the product: `/etc/resolv.conf`. */
  readonly path: string;
  /** Octal, as chmod(1) takes it: `0644`. */
  readonly mode: string;
  /** `root:wheel`, or numbers for accounts that only the product knows. */
  readonly owner: string;
  /** Empty, or text that ends with a newline. */
  readonly content: string;
}

/** A folder whose mode or owner matters; others are made as needed. */
export interface RecipeFolder {
  readonly path: string;
  readonly mode: string;
  readonly owner: string;
}

/** A symbolic link. `target` is absolute on the product. */
export interface RecipeLink {
  readonly path: string;
  readonly target: string;
}

/** An account for a daemon: user and group of the same name and number. */
export interface RecipeAccount {
  readonly name: string;
  readonly id: number;
  readonly comment: string;
}

/** A key that is written at build time. Its value travels with the builder's start script, never in a recipe. */
export interface RecipeSecret {
  /** Name of the SSM SecureString parameter, which holds base64. */
  readonly parameter: string;
  readonly path: string;
  readonly mode: "0400";
  readonly bytes: 32;
}

/** Something that must be true of the product before it becomes an image. */
export interface RecipeCheck {
  /** Unique in its recipe, without colons; names the check in reports. */
  readonly name: string;
  /** A shell command that succeeds when it holds and else prints why; may call what inspect-script.ts defines. */
  readonly shell: string;
}

/** What one concern (mail, DNS, pipes...) adds to an image. */
export interface RecipePart {
  readonly folders?: readonly RecipeFolder[];
  readonly files?: readonly RecipeFile[];
  readonly links?: readonly RecipeLink[];
  readonly accounts?: readonly RecipeAccount[];
  readonly rcSettings?: readonly (readonly [string, string])[];
  readonly secrets?: readonly RecipeSecret[];
  readonly checks?: readonly RecipeCheck[];
}

/** A text file of root's, mode 0644 unless said otherwise. */
export function rootFile(path: string, content: string, mode = "0644"): RecipeFile {
  const complete = content === "" || content.endsWith("\n") ? content : `${content}\n`;
  return { path, mode, owner: "root:wheel", content: complete };
}

/** The first line of every generated configuration file. `#` begins a comment in all of them. */
export const GENERATED = "# Written by nightshift. Change fleet.yml and build a new image instead.";
