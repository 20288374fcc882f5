import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { TEMPLATE_NAMES } from "../../../../functions/mail/notice.ts";
import { renderNotice } from "../../../../functions/mail/templates/render-notice.ts";
import { SAMPLES, sampleNotice } from "../../../../functions/mail/templates/samples.ts";
import { SENDERS } from "../fakes/notice-desk.ts";

const GOLDEN = join(import.meta.dirname, "../golden");

const FILES = Object.fromEntries(
  SAMPLES.flatMap((sample) => {
    const { subject, text, html } = renderNotice(sampleNotice(sample), SENDERS.service);
    return [
      [`${sample.name}.txt`, `Subject: ${subject}\n\n${text}`],
      [`${sample.name}.html`, html],
    ];
  }),
);

// After an intended change: UPDATE_GOLDEN=1 with the usual test command, then read the difference.
if (process.env.UPDATE_GOLDEN === "1") {
  rmSync(GOLDEN, { recursive: true, force: true });
  mkdirSync(GOLDEN);
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(GOLDEN, name), content);
}

describe("golden files of the mails", () => {
  test("there are these and no others", () => {
    expect(readdirSync(GOLDEN).sort()).toEqual(Object.keys(FILES).sort());
  });

  test.each(Object.entries(FILES))("%s", (name, content) => {
    expect(content).toBe(readFileSync(join(GOLDEN, name), "utf8"));
  });

  test("every template has a sample of its name, and every sample a name of its own", () => {
    const names = SAMPLES.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(TEMPLATE_NAMES));
    expect(new Set(names).size).toBe(names.length);
  });
});
