import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { FIRST_LOAD_KB, measure } from "./src/build/budget.ts";
import { preloadFonts } from "./src/build/preload-fonts.ts";
import { serviceWorker } from "./src/build/service-worker.ts";

/** Each is a chunk that is loaded when what it shows is opened, or once the first screen is there; it and what only it leads to are no part of the first load. */
const DEFERRED = [
  "/features/terminal/terminals-panel.tsx",
  "/features/terminal/terminal-screen.tsx",
  "/features/files/files-panel.tsx",
  "/features/git/git-panel.tsx",
  "/features/tasks/tasks-view.tsx",
  "/features/tasks/code-action-sheet.tsx",
  "/features/inbox/inbox-view.tsx",
  "/features/logs/logs-view.tsx",
  "/features/ports/ports-panel.tsx",
  "/features/workspaces/settings/workspace-settings.tsx",
  "/features/settings/settings-view.tsx",
  "/features/settings/sections.ts",
  "/features/usage/usage-view.tsx",
  "/features/compare/compare-view.tsx",
  "/features/palette/keys-sheet.tsx",
  "/features/palette/palette.tsx",
  "/features/worker/worker-away.tsx",
  "/features/worker/worker-choices.tsx",
  "/features/worker/workers-view.tsx",
  "/features/resources/resource-charts.tsx",
  "/features/workspaces/overview/overview.tsx",
  "/features/workspaces/create/create-dialog.tsx",
  "/features/workspaces/actions/actions-items.tsx",
  "/features/workspaces/actions/asked-dialog.tsx",
  "/features/workspaces/list/bulk-dialog.tsx",
  "/components/settings-items.tsx",
  "/routes/later.tsx",
  "/src/pair-browser.ts",
  "/routes/sign-out-dialog.tsx",
  "/routes/watch.tsx",
  "/routes/workspace.tsx",
];

/** What the first screen is set in, where its language is written in latin letters. */
const FONTS = ["ibm-plex-sans-latin-wght-normal", "ibm-plex-mono-latin-400-normal"];

/** Said in full: of an address alone Vite makes one that changes the host, and the agent refuses another site's page. */
const agent = { target: process.env["WS_AGENT_URL"] ?? "http://127.0.0.1:7391" };

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    preloadFonts(FONTS),
    serviceWorker({
      pages: ["/routes/workspace.tsx"],
      more: [...FONTS, "/mark.svg", "/theme.js"],
    }),
    firstLoadBudget(),
  ],
  resolve: { conditions: ["source", "module", "browser", "development|production"] },
  build: {
    target: "es2024",
    // A font or image as a data: URL would need a wider policy than the agent sends.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    // What the first page loads is one chunk: in pieces it compresses worse, by several kilobytes.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "page", tags: ["$initial"] }] } } },
  },
  server: {
    proxy: {
      "/rpc": agent,
      "/files": agent,
      "/terminal": { ...agent, ws: true },
      "/on": { ...agent, ws: true },
    },
  },
});

/** Fails the build where more script would be loaded before a terminal is opened than promised. */
function firstLoadBudget(): Plugin {
  return {
    name: "first-load-budget",
    apply: "build",
    // When everything is written, so that what other plugins add is counted.
    writeBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === "chunk");
      const deferred = new Set<string>();
      for (const path of DEFERRED) {
        const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(path));
        if (chunk === undefined) return this.error(`${path} is no longer a chunk of its own.`);
        deferred.add(chunk.fileName);
      }
      const report = measure(chunks, ({ fileName }) => deferred.has(fileName));
      const line = `first load ${report.beforeKb.toFixed(1)} of ${FIRST_LOAD_KB} KB gzip, later ${report.afterKb.toFixed(1)} KB`;
      if (report.beforeKb > FIRST_LOAD_KB) this.error(`Over budget: ${line}.`);
      this.info(line);
    },
  };
}
