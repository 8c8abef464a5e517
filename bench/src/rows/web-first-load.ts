import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { medianAtMost } from "../bars.ts";
import { paths, requireBuilt } from "../paths.ts";
import type { Row } from "../row.ts";
import { firstLoad } from "../web/first-load.ts";

/** The script that the dashboard loads before a terminal is opened, compressed as a server sends it. */
export const webFirstLoad: Row = {
  name: "web-first-load",
  title: "dashboard's first load",
  async measure() {
    requireBuilt("web");
    const folder = dirname(paths.web);
    const { bytes } = firstLoad(readFileSync(paths.web, "utf8"), (path) => readFileSync(join(folder, path)));
    return { unit: "KB gzip", ours: [bytes / 1_024], bar: medianAtMost(160, "KB") };
  },
};
