import { defineConfig } from "vite";
import { vocabularyPlugin } from "./vocabulary.mjs";

// The page in which somebody else's screen is drawn: apart from the app, so that nobody loads the one for the other.
export default defineConfig({
  plugins: [vocabularyPlugin()],
  publicDir: false,
  build: {
    target: "es2022",
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: false,
    rolldownOptions: { input: "mirror.html" },
  },
});
