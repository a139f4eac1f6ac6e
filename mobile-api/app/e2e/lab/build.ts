import react from "@vitejs/plugin-react";
import type { Page } from "@playwright/test";
import { build, type Plugin } from "vite";
import { vocabularyPlugin } from "../../vocabulary.mjs";

/**
 * What a lab is built with: the product's own recorder; the same without its last gate; or what an ordinary recorder does
 * that hides inputs. The other two are there to show that the tests would find what the product does not let out.
 */
export type Variant = "product" | "unscrubbed" | "inputs";

const standIns: Record<Variant, Record<string, string>> = {
  product: {},
  unscrubbed: { "./scrub": "unscrubbed.ts" },
  inputs: { "./scrub": "unscrubbed.ts", "@rrweb/record": "inputs.ts" },
};

const here = new URL(".", import.meta.url).pathname;

/** Gives the recorder, and nobody else, other parts. */
function standIn(variant: Variant): Plugin {
  return {
    name: "stand-in",
    enforce: "pre",
    resolveId: (source, importer) => {
      const other = standIns[variant][source];
      return other && importer?.endsWith("/src/mirror/recorder.ts") ? here + other : undefined;
    },
  };
}

const built = new Map<Variant, Promise<{ script: string; style: string }>>();

async function make(variant: Variant) {
  const output = await build({
    root: here, configFile: false, logLevel: "silent", publicDir: false,
    plugins: [standIn(variant), react(), vocabularyPlugin()],
    build: {
      write: false, cssCodeSplit: false, target: "es2022", minify: false, assetsInlineLimit: 0, modulePreload: { polyfill: false },
      rolldownOptions: { input: `${here}lab.tsx`, output: { format: "iife", codeSplitting: false } },
    },
  });
  const files = (Array.isArray(output) ? output : [output]).flatMap((one) => ("output" in one ? one.output : []));
  const script = files.find((file) => file.type === "chunk")?.code ?? "";
  const style = files.find((file) => file.fileName.endsWith(".css"));
  return { script, style: style?.type === "asset" ? String(style.source) : "" };
}

/** The lab as a script, built once. */
export function labOf(variant: Variant) {
  const known = built.get(variant) ?? make(variant);
  built.set(variant, known);
  return known;
}

const labAddress = "http://lab.localhost/";

/** Opens a page that has the recorder, the page that draws and one of each part of the app's forms, and asks nobody else. */
export async function openLab(page: Page, variant: Variant, path = "") {
  const { script, style } = await labOf(variant);
  const types: Record<string, string> = { "/assets/lab.js": "text/javascript", "/assets/lab.css": "text/css" };
  const bodies: Record<string, string> = { "/assets/lab.js": script, "/assets/lab.css": style };
  const index = `<!doctype html><title>Lab</title><link rel="stylesheet" href="/assets/lab.css"><div id="root"></div><script src="/assets/lab.js"></script>`;
  await page.route(`${labAddress}**`, (route) => {
    const { pathname } = new URL(route.request().url());
    return route.fulfill({ contentType: types[pathname] ?? "text/html; charset=utf-8", body: bodies[pathname] ?? index });
  });
  await page.goto(labAddress + path);
  await page.waitForFunction(() => "lab" in window);
}
