import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { vocabularyPlugin } from "./vocabulary.mjs";

// The address of a running carebox-cloud, for `npm run dev`.
const cloud = process.env.CAREBOX_CLOUD ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [
    react(),
    vocabularyPlugin(),
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src",
      filename: "worker.ts",
      injectRegister: false,
      // The index page carries a nonce of its own per request, so it is never precached: worker.ts keeps the last one.
      // The holidays of the whole world are fetched when somebody asks for them.
      injectManifest: { globPatterns: ["assets/*.{js,css}", "*.{svg,png}"], globIgnores: ["assets/{Graph,HolidayChips,Screen,SupportFrame}-*"] },
      manifest: {
        id: "/",
        name: "Carebox",
        short_name: "Carebox",
        description: "Your home, online when you want it · Votre maison, en ligne quand vous le voulez",
        start_url: "/",
        scope: "/",
        display: "standalone",
        background_color: "#F1F3F5",
        theme_color: "#F1F3F5",
        icons: [
          { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
          { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
      },
    }),
  ],
  // The Go server writes a fresh nonce in place of these words (app.go).
  html: { cspNonce: "{{.Nonce}}" },
  build: {
    target: "es2022",
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the first screen needs is one file: over a slow line forty small ones cost more in waiting than in bytes.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "base", tags: ["$initial"] }] } } },
  },
  server: { proxy: { "/api": cloud } },
});
