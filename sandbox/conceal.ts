/** A text for a log or a message, without the PIN that a key's name may hold (RFC 7512, section 2.4: pin-value). */
export function conceal(text: string): string {
  return text.replace(/\bpin-value=[^&;\s'"]*/g, "pin-value=…");
}
