import type { Row } from "../row.ts";
import { TEXTS } from "../terminal/texts.ts";
import { agentMemory } from "./agent-memory.ts";
import { agentStart } from "./agent-start.ts";
import { changes, changesCheckout } from "./changes.ts";
import { create } from "./create.ts";
import { create10 } from "./create-10.ts";
import { egress } from "./egress.ts";
import { execApi } from "./exec-api.ts";
import { events1000 } from "./events-1000.ts";
import { exec } from "./exec.ts";
import { image } from "./image.ts";
import { provision10, provisionFirst, provisionRows } from "./provision.ts";
import { list500 } from "./list-500.ts";
import { cloneSsh, lfsRows } from "./through-worker.ts";
import { reconnect } from "./reconnect.ts";
import { task } from "./task.ts";
import { terminalEcho, terminalEchoByHub } from "./terminal-echo.ts";
import { terminalMemory } from "./terminal-memory.ts";
import { terminalOutput, terminalOutputInContainer } from "./terminal-output.ts";
import { terminalReconnect } from "./terminal-reconnect.ts";
import { treeMemory, treeOpen, treeStatus } from "./tree.ts";
import { webFirstLoad } from "./web-first-load.ts";
import { webTyping } from "./web-typing.ts";
import { webFirstPaint, webRowUpdate, webWholeList } from "./web-list.ts";
import { wsList } from "./ws-list.ts";

/** In the order in which they are measured. */
export const rows: readonly Row[] = [
  create,
  create10,
  ...provisionRows,
  provisionFirst,
  provision10,
  cloneSsh,
  ...lfsRows,
  egress,
  exec,
  execApi,
  task,
  terminalEcho,
  terminalEchoByHub,
  terminalOutput(TEXTS.base64),
  terminalOutput(TEXTS.colour),
  terminalOutputInContainer(TEXTS.base64),
  terminalOutputInContainer(TEXTS.colour),
  terminalMemory,
  terminalReconnect,
  reconnect,
  events1000,
  changes,
  changesCheckout,
  treeOpen,
  treeStatus,
  treeMemory,
  list500,
  wsList,
  agentStart,
  agentMemory,
  webFirstLoad,
  webTyping,
  webFirstPaint,
  webWholeList,
  webRowUpdate,
  image,
];
