import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

// What an agent may read as it stands, although it is no word of the catalogue: each place was thought about. Nothing that a
// person has typed may be in it, no name, no address, and no number but times, durations, rates of the line and steps.
const shown: Record<string, string[]> = {
  "guide/GuideList.tsx": ['<span {...(title ? { "data-mirror": "show" } : {})}>{text}</span>'], // a guide's title; what the box has seen names devices
  "guide/GuideSteps.tsx": ['<p className={classes.step} data-mirror="show">{t("guide.step", { at, of })}</p>'],
  "guide/say.ts": [
    'export function shown(said: Said | undefined): { "data-mirror"?: "show" } {',
    'return said && !/\\{\\{(device|person|other)\\}\\}/.test(said.en) ? { "data-mirror": "show" } : {};', // sentences of the guides, which name nobody
  ],
  "home/BoxLine.tsx": ['<span data-mirror={open ? "show" : undefined}>{text}</span>'], // since when the box is unreachable
  "parts/StateLine.tsx": [
    '<span data-mirror={said.open ? "show" : undefined}>{said.text}</span>', // until when, where no name is in it
    '<span data-mirror={wish.open ? "show" : undefined}>{text}</span>',
    'return <p className={classes.proof} data-mirror="show">✓ {t("state.inForce", { time: clock(new Date(since), words.reader) })}</p>;',
  ],
  "tv/LineCard.tsx": ['<p className={classes.quiet} data-mirror="show">{said}</p>'], // how much of the line is kept, and may be
};

it("is shown as it stands in these places and in no other", () => {
  const root = new URL("..", import.meta.url).pathname;
  const found: Record<string, string[]> = {};
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!/\.tsx?$/.test(name) || name.startsWith("mirror/") || /\.test\./.test(name)) continue;
    const lines = readFileSync(join(root, name), "utf8").split("\n").filter((line) => /data-mirror|dataMirror|dataset\.mirror/.test(line));
    if (lines.length > 0) found[name] = lines.map((line) => line.trim());
  }
  expect(found).toEqual(shown);
});
