const serial = /^[a-z0-9][a-z0-9-]{0,62}$/;
const code = /^[a-z0-9 -]{1,80}$/i;

/** The serial that a label's QR code says, carebox:SERIAL:CODE; null for any other code that a camera may see. The code is the box's. */
export function readLabel(text: string): string | null {
  const [scheme, named = "", secret = "", ...more] = text.trim().split(":");
  const plain = named.toLowerCase();
  const ours = scheme?.toLowerCase() === "carebox" && more.length === 0 && serial.test(plain) && code.test(secret);
  return ours ? plain : null;
}

const fold = (word: string) => word.replace(/o/g, "0").replace(/[il]/g, "1");

/**
 * The serials that somebody may have meant who typed one, the likeliest first: the expected one where it reads alike, what was
 * typed, and that with O as 0, I and L as 1 in the groups that have a digit.
 */
export function candidates(typed: string, expected: readonly string[] = []): string[] {
  const plain = typed.trim().toLowerCase().replace(/[\s_]+/g, "");
  if (!serial.test(plain)) return [];
  const bare = (word: string) => fold(word).replaceAll("-", "");
  const meant = expected.find((one) => one !== "" && bare(one) === bare(plain));
  const folded = plain.split("-").map((group) => (/[0-9]/.test(group) ? fold(group) : group)).join("-");
  return [...new Set([...(meant ? [meant] : []), plain, folded])];
}

/** A serial in groups of at most four, for eyes that go to and fro between it and a label. */
export function inGroups(word: string): string[] {
  return word.toUpperCase().split("-").flatMap((group) => group.match(/.{1,4}/g) ?? []);
}
