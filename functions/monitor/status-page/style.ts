import { createHash } from "node:crypto";

/*
 * Both palettes keep WCAG 2.2's contrast AA: 4.5 for text, 3 for bars and lines (tests/peers/status-page.test.ts measures
 * them in a browser).
 */
const LIGHT = `
--paper:#fbfbf9;--card:#fff;--ink:#1a1e22;--soft:#59616a;--line:#e2e4df;
--good:#17744a;--good-bar:#35a06d;--good-tint:#e8f5ed;
--warn:#855000;--warn-bar:#c77d00;--warn-tint:#fdf3df;
--bad:#b02318;--bad-bar:#d0392c;--bad-tint:#fdecea;
--plan:#1d5cab;--plan-bar:#4a86d4;--plan-tint:#e9f1fc;
--none:#5d6670;--none-bar:#868e96;--none-tint:#f0f1ef`;

const DARK = `
--paper:#101316;--card:#171b1f;--ink:#e9ebee;--soft:#a4adb7;--line:#2b3138;
--good:#66d19c;--good-bar:#3aa873;--good-tint:#12251c;
--warn:#f2b950;--warn-bar:#cf9327;--warn-tint:#2a210f;
--bad:#ff9389;--bad-bar:#e8574b;--bad-tint:#2f1615;
--plan:#8fbaf7;--plan-bar:#5c93de;--plan-tint:#14202f;
--none:#a4adb7;--none-bar:#717b86;--none-tint:#1b2025`;

/** No fonts, no pictures, no motion: what the reader's machine has. Sizes are relative, so that zoom and print work. */
const RULES = `
*{box-sizing:border-box;margin:0}
html{color-scheme:light dark;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:break-word}
header,main,footer{max-width:64rem;margin:0 auto;padding:0 clamp(1rem,4vw,2.5rem)}
header{padding-top:clamp(1.5rem,5vw,3rem)}
h1,h2,h3{overflow-wrap:anywhere}
h1{font-size:1rem;font-weight:600;color:var(--soft)}
h2{font-size:1.125rem;font-weight:650;margin-bottom:1rem}
h3{font-size:1rem;font-weight:600}
ul{list-style:none;padding:0}
section{margin-top:clamp(2.25rem,6vw,3.5rem)}
svg{display:block}
time{white-space:nowrap}
.icon{width:1em;height:1em;flex:none;fill:currentColor}
.cut{fill:none;stroke:var(--card);stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round}
.ring{fill:none;stroke:currentColor;stroke-width:2;stroke-dasharray:3.4 2.1}
.soft{color:var(--soft);font-size:.875rem}
.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}.plan{color:var(--plan)}.none{color:var(--none)}
.now{margin-top:1rem;padding:clamp(1.25rem,4vw,2rem);border-radius:1rem;border:1px solid currentColor}
.now.good{background:var(--good-tint)}.now.warn{background:var(--warn-tint)}.now.bad{background:var(--bad-tint)}.now.plan{background:var(--plan-tint)}.now.none{background:var(--none-tint)}
.now h2{display:flex;gap:.5em;align-items:flex-start;margin:0;font-size:clamp(1.5rem,4.5vw,2.125rem);line-height:1.25;letter-spacing:-.01em}
.now h2 span{color:var(--ink)}
.now .icon{margin-top:.125em}
.now p{margin-top:.75rem;color:var(--ink);font-size:.9375rem}
.cards{display:grid;gap:.75rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.125rem clamp(1rem,3vw,1.5rem)}
.check{display:grid;gap:1rem 2.5rem}
figcaption.soft{font-size:.8125rem}
.top{display:flex;flex-wrap:wrap;gap:.125rem 1rem;justify-content:space-between;align-items:baseline}
.line{display:flex;flex-wrap:wrap;gap:0 .5rem;align-items:baseline}
.state{display:inline-flex;gap:.4em;align-items:baseline;font-weight:600;font-size:.9375rem}
.state .icon{align-self:center}
.bars{width:100%;height:2rem;margin-top:.75rem}
.bars path{fill:none;stroke:var(--good-bar);stroke-width:1.6px;stroke-linecap:round;vector-effect:non-scaling-stroke}
.bars .w{stroke:var(--warn-bar)}.bars .b{stroke:var(--bad-bar)}.bars .p{stroke:var(--plan-bar)}.bars .n{stroke:var(--none-bar)}
.ends{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 .5rem;margin-top:.375rem;color:var(--soft);font-size:.75rem}
.ends>*{white-space:nowrap}
.ends strong{color:var(--ink);font-weight:600}
.plot{display:grid;grid-template-columns:auto 1fr;gap:0 .5rem;margin-top:.5rem;color:var(--soft);font-size:.75rem;line-height:1}
.scale{display:flex;flex-direction:column;justify-content:space-between;text-align:right;font-variant-numeric:tabular-nums}
.lines{width:100%;height:4rem;overflow:visible}
.lines path{fill:none;stroke-width:1.5px;stroke-linecap:round;stroke-linejoin:round;vector-effect:non-scaling-stroke}
.lines .ground{fill:var(--none-tint)}
.lines .grid{stroke:var(--line);stroke-width:1px}
.lines .average,.key .average{stroke:var(--plan-bar);stroke-width:2px}
.lines .slowest,.key .slowest{stroke:var(--none-bar);stroke-dasharray:1 3;stroke-width:1.25px}
.plot .ends{grid-column:2;font-size:inherit}
.incident{border-left:.25rem solid currentColor}
.incident>*{color:var(--ink)}
.incident .top{margin-bottom:.25rem}
.work li+li{margin-top:.5rem}
.day{margin-top:1.5rem}
.day h3{margin-bottom:.5rem}
.day li+li{margin-top:.75rem}
.key{display:flex;flex-wrap:wrap;gap:.375rem 1.5rem;margin-top:1rem;color:var(--soft);font-size:.8125rem}
.key li{display:flex;gap:.5rem;align-items:center}
.key svg,.key .bars{flex:none;width:.5rem;height:1.5rem}
.key .bars{margin:0}
.key .bars path{stroke-width:4px}
.key .line{width:1.5rem;height:.5rem}
.key path{fill:none;stroke-linecap:round}
footer{margin-top:3rem;padding-bottom:3rem}
@media (min-width:30em){.bars path{stroke-width:3px}.ends{font-size:.8125rem}}
@media (min-width:52em){.check{grid-template-columns:minmax(0,1.7fr) minmax(0,1fr)}.bars path{stroke-width:4px}}
@media print{html{font-size:10pt}.card,.now{break-inside:avoid}.now,.bars,.lines,.key{print-color-adjust:exact;-webkit-print-color-adjust:exact}}`;

/** The page's style sheet, in one line per rule. */
export const STYLE = `:root{${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}${RULES}
`;

/** What the content security policy calls that style sheet (CSP 3, 2.3.1): nothing else may style the page. */
export const STYLE_HASH = `sha256-${createHash("sha256").update(STYLE).digest("base64")}`;
