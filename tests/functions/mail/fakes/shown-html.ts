/** The words that a reader of an HTML mail sees, in one line: without tags, style sheet and breaks in words. */
export function shownHtml(html: string): string {
  return html
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replaceAll("<wbr\n>", "")
    .replaceAll(/<\/?(strong|a|span)\b[^>]*>/g, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replaceAll(/\s+/g, " ");
}

/** The tags of an HTML mail in their order, but for those that only allow a break in a long word. */
export function tagsOf(html: string): string[] {
  return [...html.matchAll(/<(\/?[a-z][a-z0-9]*)/g)]
    .map(([, tag = ""]) => tag)
    .filter((tag) => tag !== "wbr");
}
