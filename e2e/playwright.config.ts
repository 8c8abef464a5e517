import { defineConfig } from "@playwright/test";

/** Real Chromium against a real agent on a real engine: an agent for each worker, which waits more than it works. */
export default defineConfig({
  testDir: "web",
  outputDir: "test-results",
  forbidOnly: process.env["CI"] !== undefined,
  workers: 2,
  // A machine that others use stalls a browser now and then; what fails twice is broken.
  retries: process.env["CI"] === undefined ? 0 : 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // What screens look like, for all that run this: one browser on one system draws them.
  snapshotPathTemplate: "{testDir}/visual/baselines/{arg}{ext}",
  use: {
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      // Letters are drawn the same whatever the machine's own taste in them.
      args: ["--disable-quic", "--disable-background-networking", "--font-render-hinting=none", "--disable-lcd-text"],
      // Without a UTF-8 locale Chromium leaves files out whose names are not ASCII.
      env: { ...process.env, LC_ALL: "C.UTF-8" },
    },
    // A page that is kept answers beside the routes that tests put before the agent; offline.spec.ts lets it.
    serviceWorkers: "block",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
});
