/** Characters of the TwiML that a call is placed with (Twilio API, Calls, "Twiml"). */
export const TWIML_LIMIT = 4000;

/** Seconds that Twilio waits for a key after everything was said. */
const KEY_SECONDS = 10;

/**
 * What a call says: the text twice, since whoever was woken misses the first. With a `keypressUrl` it waits for one key
 * and sends it there; the URL must be absolute, as TwiML that came with the call has no address of its own
 * (Twilio, TwiML, "Gather"). A text that is too long is cut.
 */
export function callTwiml(text: string, keypressUrl: string | undefined): string {
  const room = (TWIML_LIMIT - compose("", keypressUrl).length) / 2;
  return compose(cutToEscaped(text, room), keypressUrl);
}

/** As much of a text as comes to so many characters of XML. */
function cutToEscaped(text: string, room: number): string {
  let kept = "";
  let used = 0;
  for (const character of text.toWellFormed()) {
    used += escapeXml(character).length;
    if (used > room) break;
    kept += character;
  }
  return kept;
}

function compose(text: string, keypressUrl: string | undefined): string {
  const said = `${say(text)}<Pause length="1"/>${say(text)}`;
  if (keypressUrl === undefined) return response(said);
  const action = escapeXml(keypressUrl);
  const gather = `<Gather numDigits="1" timeout="${KEY_SECONDS}" action="${action}" method="POST">${said}</Gather>`;
  return response(gather + say("No key was pressed. Goodbye."));
}

/** An answer that is spoken to whoever is on the phone, who then is hung up on. */
export function spokenAnswer(text: string): string {
  return response(say(text));
}

/** An answer that is sent back as an SMS. */
export function smsAnswer(text: string): string {
  return response(`<Message>${escapeXml(text)}</Message>`);
}

/** The answer that says nothing. (Anything but TwiML would be sent back as a message.) */
export const SILENCE = response("");

function say(text: string): string {
  return `<Say>${escapeXml(text)}</Say>`;
}

function response(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${content}</Response>`;
}

/** Text as it may stand in an element or an attribute. Characters that XML 1.0 (2.2) has no place for are left out. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");
}
