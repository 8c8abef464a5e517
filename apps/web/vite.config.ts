import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { FIRST_LOAD_KB, measure } from "./src/build/budget.ts";

const agent = process.env["WS_AGENT_URL"] ?? "http://127.0.0.1:7391";

export default defineConfig({
  plugins: [react(), tailwindcss(), firstLoadBudget()],
  resolve: { conditions: ["source", "module", "browser", "development|production"] },
  build: {
    target: "es2024",
    // A font or image as a data: URL would need a wider policy than the agent sends.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  server: { proxy: { "/rpc": agent, "/terminal": { target: agent, ws: true } } },
});

/** Fails the build where more script would be loaded before a terminal is opened than promised. */
function firstLoadBudget(): Plugin {
  return {
    name: "first-load-budget",
    apply: "build",
    // When everything is written, so that what other plugins add is counted.
    writeBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === "chunk");
      const screen = new Set(
        chunks
          .filter((chunk) => chunk.facadeModuleId?.endsWith("/features/terminal/terminal-screen.tsx"))
          .map((chunk) => chunk.fileName),
      );
      if (screen.size !== 1) this.error("The terminal's screen is no longer a chunk of its own.");
      const report = measure(chunks, ({ fileName }) => screen.has(fileName));
      const line = `first load ${report.beforeKb.toFixed(1)} of ${FIRST_LOAD_KB} KB gzip, terminal ${report.afterKb.toFixed(1)} KB`;
      if (report.beforeKb > FIRST_LOAD_KB) this.error(`Over budget: ${line}.`);
      this.info(line);
    },
  };
}
