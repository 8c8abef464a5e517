/** An agent of its own process, to be killed: opens a Box into the given container, starts things, says their pids. */
import type { WorkspaceId } from "@ws/workspace-core";

import { boxContainer } from "../box/container.ts";
import { openSshBox } from "../ssh-box.ts";
import { firstLine } from "./output.ts";
import { docker, silent, systemClock } from "./subject.ts";

const [container = "", group = ""] = process.argv.slice(2);
const id: WorkspaceId = "ws-agent";
const box = await openSshBox({
  container: boxContainer(docker.getContainer(container)),
  id,
  clock: systemClock,
  log: silent,
});
const orphan = await box.run(["sh", "-c", "sleep 1000 & echo $$ $!; wait"], { group });
const pids = (await firstLine(orphan.stdout)).split(" ");
const pty = await box.openPty(["sh", "-c", "echo pid=$$.; sleep 1000"], { size: { cols: 80, rows: 24 } });
const pid = /pid=(\d+)/.exec(await firstLine(pty.output))?.[1] ?? "";
const server = await box.listen(() => undefined);
process.stdout.write(`${JSON.stringify({ orphans: pids, pty: pid, port: server.port })}\n`);
await orphan.exit;
