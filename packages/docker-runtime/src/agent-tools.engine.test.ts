import { agentBoxSuite } from "@ws/workspace-core/testing";
import { openSshBox } from "./ssh-box.ts";
import { runsPlace, startBoxPlace } from "./testing/box-place.ts";

agentBoxSuite("A container", () => runsPlace(startBoxPlace(), openSshBox), ["claude"]);
