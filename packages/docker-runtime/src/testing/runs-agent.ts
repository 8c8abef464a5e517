/** An agent of its own process, to be killed: starts runs in the given container, and says when it has something of each. */
import type { WorkspaceId } from "@ws/workspace-core";
import { startDoomedRuns } from "@ws/workspace-core/testing";

import { boxContainer } from "../box/container.ts";
import { openExecBox } from "../exec-box.ts";
import { openSshBox } from "../ssh-box.ts";
import { docker, silent, systemClock } from "./subject.ts";

const [container = "", way = "", ids = "", code = ""] = process.argv.slice(2);
const id: WorkspaceId = "ws-agent";
const box = await (way === openSshBox.name ? openSshBox : openExecBox)({
  container: boxContainer(docker.getContainer(container)),
  id,
  clock: systemClock,
  log: silent,
});
await startDoomedRuns(box, ids.split(" "), code);
process.stdout.write("done\n");
await new Promise(() => setInterval(() => undefined, 60_000));
