/** A photo as it is sent: at most so many bytes before base64 makes a third more of them. */
const most = 190_000;
const longest = 1_600;

/**
 * Makes a photo small enough to be kept and sent over a bad network. Drawing it anew also leaves behind where it was taken.
 * The answer is base64.
 */
export async function shrink(file: Blob): Promise<string> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    for (const { edge, quality } of attempts) {
      const jpeg = await draw(picture, edge, quality);
      if (jpeg.size <= most) return base64(jpeg);
    }
  } finally {
    picture.close();
  }
  throw new Error("the photo does not become small enough");
}

const attempts = [
  { edge: longest, quality: 0.8 }, { edge: longest, quality: 0.6 }, { edge: 1_200, quality: 0.6 }, { edge: 900, quality: 0.5 },
  { edge: 600, quality: 0.4 },
];

/** The sides of a picture whose longer one is at most so long. */
export function within(width: number, height: number, edge: number): { width: number; height: number } {
  const scale = Math.min(1, edge / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

async function draw(picture: ImageBitmap, edge: number, quality: number): Promise<Blob> {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, within(picture.width, picture.height, edge));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the photo cannot be drawn"))), "image/jpeg", quality);
  });
}

export async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 8_192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8_192)));
  return btoa(parts.join(""));
}
