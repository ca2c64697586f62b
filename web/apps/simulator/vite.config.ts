import { defineConfig } from "vite";
import { rulesPage } from "./build/rules_page.ts";

export default defineConfig({
  // Relative, so that the page can be served from any folder.
  base: "./",
  build: {
    target: "es2022",
    // The policy allows nothing that is inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es" },
  plugins: [rulesPage()],
});
