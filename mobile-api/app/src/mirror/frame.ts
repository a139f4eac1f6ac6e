// Frames of the mirror: a head of sixteen bytes, then deflate-raw of JSON. A key frame may be in parts.

export const kindKey = 1;
export const kindDelta = 2;

/** Bytes: of a part of a key frame, of all its parts, of a delta; of what any of them may unpack to. */
export const maxPart = 256 * 1024;
export const maxKey = 2 * 1024 * 1024;
export const maxDelta = 64 * 1024;
export const maxPlain = 8 * 1024 * 1024;
export const maxPlainDelta = 2 * 1024 * 1024;

/** Events of one frame. */
export const maxEvents = 2_000;

const headLength = 16;
const maxParts = maxKey / maxPart;

/**
 * Where a frame belongs: `generation` is given by the server to each connection, `epoch` counts its key frames, `seq` the
 * deltas after one.
 */
export type Head = { kind: number; part: number; parts: number; generation: number; epoch: number; seq: number };

export function encode(head: Head, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(headLength + body.length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, head.kind);
  view.setUint8(1, head.part);
  view.setUint8(2, head.parts);
  view.setUint32(4, head.generation);
  view.setUint32(8, head.epoch);
  view.setUint32(12, head.seq);
  frame.set(body, headLength);
  return frame;
}

/** A frame's head and body; null for what is none. */
export function decode(frame: Uint8Array): { head: Head; body: Uint8Array } | null {
  if (frame.length < headLength) return null;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const head = {
    kind: view.getUint8(0), part: view.getUint8(1), parts: view.getUint8(2),
    generation: view.getUint32(4), epoch: view.getUint32(8), seq: view.getUint32(12),
  };
  const length = frame.length - headLength;
  const whole = head.parts >= 1 && head.parts <= maxParts && head.part < head.parts;
  const key = head.kind === kindKey && head.seq === 0 && whole && length <= maxPart;
  const delta = head.kind === kindDelta && head.seq > 0 && head.parts === 1 && head.part === 0 && length <= maxDelta;
  return (key || delta) && view.getUint8(3) === 0 ? { head, body: frame.subarray(headLength) } : null;
}

/** The parts of a key frame, null where it is too long. */
export function encodeKey(body: Uint8Array, at: { generation: number; epoch: number }): Uint8Array<ArrayBuffer>[] | null {
  const parts = Math.max(1, Math.ceil(body.length / maxPart));
  if (parts > maxParts) return null;
  return Array.from({ length: parts }, (_, part) =>
    encode({ ...at, kind: kindKey, part, parts, seq: 0 }, body.subarray(part * maxPart, (part + 1) * maxPart)),
  );
}

/** Whether this browser can pack at all: old ones cannot. */
export function canPack(): boolean {
  try {
    return Boolean(new CompressionStream("deflate-raw"));
  } catch {
    return false;
  }
}

export async function pack(value: unknown): Promise<Uint8Array> {
  const plain = new TextEncoder().encode(JSON.stringify(value));
  const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** What was packed. Fails at what unpacks to more than there may be, before it has. */
export async function unpack(body: Uint8Array, most = maxPlain): Promise<unknown> {
  return (await weigh(body, most)).value;
}

/** What was packed, and how many bytes it was before. */
export async function weigh(body: Uint8Array, most: number): Promise<{ value: unknown; weight: number }> {
  const stream = new Blob([body as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    length += read.value.length;
    if (length > most) {
      await reader.cancel().catch(() => undefined); // it is being given up either way
      throw new Error(`the frame unpacks to more than ${String(most)} bytes`);
    }
    chunks.push(read.value);
  }
  const plain = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    plain.set(chunk, at);
    at += chunk.length;
  }
  return { value: JSON.parse(new TextDecoder().decode(plain)), weight: length };
}
