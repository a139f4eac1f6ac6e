import { createHmac } from "node:crypto";

/** What an authenticator app shows (RFC 6238), in the step after the present one by so many. */
export function codeOf(secret: string, ahead = 0): string {
  const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const sum = createHmac("sha1", key).update(step).digest();
  const at = (sum[19] ?? 0) & 15;
  return ((sum.readUInt32BE(at) & 0x7fffffff) % 1_000_000).toString().padStart(6, "0");
}
