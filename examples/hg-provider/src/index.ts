import type { CreateProvider } from "@ws/workspace-core";
import { createHgProvider } from "./hg-provider.ts";

/** What the worker's setting `providers` loads. `WS_HG_ROOTS` names the directories with repositories, parted by `:`. */
const create: CreateProvider = (host) =>
  createHgProvider({ projects: host.projects, roots: (process.env["WS_HG_ROOTS"] ?? "").split(":").filter(Boolean) });

export default create;
