import { expect, it } from "vitest";
import { buildOf } from "./build";
import { originIn } from "./origin";

const own = "https://carebox.example";
const page = (content?: string) => ({ querySelector: () => (content === undefined ? null : { content }) }) as unknown as Document;

it("is what the server has written, else the page's own", () => {
  expect(originIn("carebox-mirror", own, page("https://mirror.example:8443"))).toBe("https://mirror.example:8443");
  const none = [undefined, "", "{{.Mirror}}", "*", "null", "javascript:1", "https://", "https://a/b", "//mirror.example", "https://a,https://b"];
  for (const said of none) expect(originIn("carebox-app", own, page(said)), said).toBe(own);
});

it("names a build by its entrance", () => {
  const script = (src?: string) => (src === undefined ? null : { getAttribute: () => src });
  const entrance = (src?: string) => ({ querySelector: () => script(src) }) as unknown as Document;
  expect(buildOf(entrance("/assets/index-Ab_1-2.js"))).toBe("index-Ab_1-2");
  expect(buildOf(entrance("https://carebox.example/assets/main.5f.js"))).toMatch(/^[A-Za-z0-9_-]{1,128}$/); // what the server takes
  for (const src of [undefined, "", "/src/main.tsx", "/assets/x.js?y", `/assets/${"x".repeat(200)}.js`]) expect(buildOf(entrance(src))).toBe("");
});
