/*
 * What is asked of a page inside the browser. These run there, as text, and so use nothing from outside themselves. Plain
 * JavaScript, since the types of a browser's world must not be known to the rest of the project.
 */

/**
 * All texts of the page whose contrast with what is behind them is less than 4.5 (WCAG 2.2, 1.4.3).
 * @returns {{ text: string, ratio: number }[]}
 */
export function poorTexts() {
  const parse = (text) => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const luminance = ([r, g, b]) => {
    const [R = 0, G = 0, B = 0] = [r, g, b].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * R + 0.7152 * G + 0.0722 * B;
  };
  const backgroundOf = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] === 1) return colour;
      if (colour[3] !== 0) throw new Error("a background that can be seen through is not measured");
    }
    throw new Error("nothing is behind it");
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const poor = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? "";
    const element = node.parentElement;
    if (text === "" || element === null || element.closest("title") !== null) continue;
    const one = luminance(parse(getComputedStyle(element).color));
    const other = luminance(backgroundOf(element));
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (!(ratio >= 4.5)) poor.push({ text, ratio });
  }
  return poor;
}

/**
 * Colours of bars and lines whose contrast with the card is less than 3 (WCAG 2.2, 1.4.11).
 * @returns {string[]}
 */
export function poorStrokes() {
  const luminance = (text) => {
    const [R = 0, G = 0, B = 0] = (text.match(/[\d.]+/g) ?? []).slice(0, 3).map((one) => {
      const part = Number(one) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * R + 0.7152 * G + 0.0722 * B;
  };
  const card = document.querySelector(".card");
  if (card === null) throw new Error("the page has no card");
  const behind = luminance(getComputedStyle(card).backgroundColor);
  const strokes = [".bars path", ".lines .average", ".lines .slowest"].flatMap((kind) => [
    ...document.querySelectorAll(kind),
  ]);
  const colours = new Set(strokes.map((one) => getComputedStyle(one).stroke));
  return [...colours].filter((colour) => {
    const front = luminance(colour);
    return (Math.max(front, behind) + 0.05) / (Math.min(front, behind) + 0.05) < 3;
  });
}

/**
 * What is wider than the window, or reaches beyond it.
 * @returns {string[]}
 */
export function overflows() {
  const width = document.documentElement.clientWidth;
  const wide = [...document.body.querySelectorAll("*:not(svg *)")].filter((element) => {
    const { right, left, width: own } = element.getBoundingClientRect();
    return own > 0 && (right > width + 0.5 || left < -0.5);
  });
  const page = document.documentElement.scrollWidth > innerWidth ? ["the page itself"] : [];
  return [...page, ...wide.map(({ outerHTML }) => outerHTML.slice(0, 120))];
}
