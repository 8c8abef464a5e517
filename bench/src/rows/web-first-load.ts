import { gzipSync } from "node:zlib";
import { playedWorkspace } from "@ws/rpc-contract/testing";
import { adopt } from "../adopt.ts";
import { medianAtMost } from "../bars.ts";
import type { Row } from "../row.ts";
import { openDashboard } from "../web/page.ts";

/** The script that Chromium loads by itself for the dashboard's list, compressed as a server sends it, until somebody moves or presses something. */
export const webFirstLoad: Row = {
  name: "web-first-load",
  title: "dashboard's first load",
  async measure({ cleanup }) {
    const dashboard = await adopt(cleanup, openDashboard());
    const loaded: Promise<Buffer>[] = [];
    const page = await dashboard.open({ workspaces: [playedWorkspace(0)] }, (fresh) =>
      fresh.on("response", (response) => {
        if (response.request().resourceType() === "script") loaded.push(response.body());
      }),
    );
    await page.locator("[data-row]").waitFor();
    await page.waitForLoadState("networkidle");
    const scripts = await Promise.all(loaded);
    const bytes = scripts.reduce((sum, script) => sum + gzipSync(script).byteLength, 0);
    return { unit: "KB gzip", ours: [bytes / 1_024], bar: medianAtMost(160, "KB") };
  },
};
