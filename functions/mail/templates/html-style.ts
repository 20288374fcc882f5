/*
 * How the HTML form looks. Each part has its style inline, since many readers of mail take no other; the style sheet
 * has only the dark colours, which cannot stand inline. Nothing is fetched from anywhere.
 */

const SYSTEM_FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const FIXED_FONT = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace";
const ANYWHERE = "overflow-wrap:anywhere;word-break:break-word";
const [INK, MUTED, LINE, BLUE, AMBER] = ["#1b2430", "#5a6675", "#dde2e8", "#1d5fa6", "#b4580a"];

/** The inline style of each part, by its class. */
export const STYLES = {
  page: `margin:0;padding:16px 8px;background:#f2f4f7;color:${INK};font:16px/1.5 ${SYSTEM_FONT};-webkit-text-size-adjust:100%`,
  sheet: `max-width:600px;margin:0 auto;padding:24px 20px;box-sizing:border-box;background:#ffffff;border-top:4px solid ${BLUE};border-radius:4px`,
  alert: `max-width:600px;margin:0 auto;padding:24px 20px;box-sizing:border-box;background:#ffffff;border-top:4px solid ${AMBER};border-radius:4px`,
  heading: `margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:600;${ANYWHERE}`,
  section: `margin:28px 0 8px;font-size:17px;line-height:1.3;font-weight:600;${ANYWHERE}`,
  paragraph: `margin:0 0 14px;${ANYWHERE}`,
  list: `margin:0 0 14px;padding-left:22px;${ANYWHERE}`,
  command: `margin:0 0 14px;padding:10px 12px;background:#eef1f5;border-radius:4px;font:13px/1.5 ${FIXED_FONT};white-space:pre-wrap;${ANYWHERE}`,
  action: "margin:20px 0 18px",
  button: `display:inline-block;padding:10px 18px;background:${BLUE};color:#ffffff;border-radius:4px;font-weight:600;text-decoration:none`,
  address: `display:block;margin-top:6px;font-size:13px;color:${MUTED};${ANYWHERE}`,
  table: "width:100%;margin:0 0 16px;border-collapse:collapse;font-size:15px",
  label: `padding:7px 12px 7px 0;text-align:left;vertical-align:top;font-weight:400;border-bottom:1px solid ${LINE};${ANYWHERE}`,
  term: `width:34%;padding:7px 20px 7px 0;text-align:left;vertical-align:top;font-weight:400;white-space:nowrap;border-bottom:1px solid ${LINE}`,
  value: `padding:7px 0;text-align:left;vertical-align:top;border-bottom:1px solid ${LINE};${ANYWHERE}`,
  figure: `padding:7px 0;text-align:right;vertical-align:top;white-space:nowrap;border-bottom:1px solid ${LINE};font:13px/24px ${FIXED_FONT}`,
  remark: `padding:0 0 7px;text-align:left;font-size:13px;line-height:1.4;color:${MUTED};border-bottom:1px solid ${LINE};${ANYWHERE}`,
  note: `display:block;font-size:13px;line-height:1.4;color:${MUTED};${ANYWHERE}`,
  chart: "margin:0 0 20px",
  title: "margin:20px 0 8px;font-weight:600;font-size:15px",
  bars: `width:100%;margin:0 0 6px;table-layout:fixed;border-collapse:collapse;border-bottom:1px solid ${LINE}`,
  slot: "height:72px;padding:0 1px;vertical-align:bottom;font-size:0;line-height:0",
  bar: `background:${BLUE};border-radius:1px 1px 0 0;font-size:0;line-height:0`,
  footer: `max-width:600px;margin:0 auto;padding:14px 20px;box-sizing:border-box;font-size:13px;line-height:1.5;color:${MUTED};${ANYWHERE}`,
  link: `color:${MUTED}`,
} as const;

export type Part = keyof typeof STYLES;

/** Pixels of the highest bar. */
export const BAR_PIXELS = 72n;

/** The style sheet: colours for who reads in the dark. `!important` is what beats an inline style. */
export const DARK_STYLE = `:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #0f1319 !important; color: #e4e9f0 !important; }
  .sheet, .alert { background: #1a2028 !important; }
  .sheet { border-top-color: #5f9fe6 !important; }
  .alert { border-top-color: #e39a4a !important; }
  .command { background: #252d38 !important; }
  .button { background: #2a6cb8 !important; color: #ffffff !important; }
  .bar { background: #5f9fe6 !important; }
  .address, .note, .remark, .footer, .link { color: #9ba8b8 !important; }
  .label, .term, .value, .figure, .remark, .bars { border-color: #333d4a !important; }
}`;
