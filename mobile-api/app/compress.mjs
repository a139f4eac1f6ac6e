// Writes a .br and a .gz beside every text file of the build, so that the server compresses nothing while it serves.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const text = /\.(js|css|svg|webmanifest)$/;
const root = new URL("dist/", import.meta.url).pathname;

for (const name of readdirSync(root, { recursive: true })) {
  if (!text.test(name)) continue;
  const body = readFileSync(join(root, name));
  writeFileSync(join(root, `${name}.br`), brotliCompressSync(body));
  writeFileSync(join(root, `${name}.gz`), gzipSync(body, { level: 9 }));
}
