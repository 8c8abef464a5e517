import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { test as base } from "@playwright/test";
import { looks } from "./visual/looks.ts";

const WEB = fileURLToPath(new URL("../../apps/web", import.meta.url));

/** The catalogue is no part of what is built: it comes from the development server. */
const test = base.extend<object, { catalogue: string }>({
  catalogue: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the pattern to know what a fixture needs
    async ({}, use) => {
      // A run that colours its own lines has its parts do so.
      const { FORCE_COLOR: _, ...env } = process.env;
      const server = spawn(join(WEB, "node_modules", ".bin", "vite"), ["--host", "127.0.0.1"], {
        cwd: WEB,
        env: { ...env, NO_COLOR: "1" },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = once(server, "exit");
      try {
        let address = "";
        for await (const line of createInterface({ input: server.stdout })) {
          address = /http:\S+/.exec(line)?.[0] ?? "";
          if (address !== "") break;
        }
        server.stdout.resume();
        await use(`${address}catalogue.html`);
      } finally {
        server.kill();
        await ended;
      }
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

test("every piece that the dashboard is made of", async ({ page, catalogue }) => {
  test.setTimeout(240_000);
  await page.goto(catalogue, { waitUntil: "networkidle" });
  await page.getByRole("heading", { name: "Shapes" }).waitFor();
  await looks(page, "catalogue", { whole: true });
});
