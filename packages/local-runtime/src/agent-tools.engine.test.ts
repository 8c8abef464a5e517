import { agentBoxSuite } from "@ws/workspace-core/testing";
import { openRunsPlace } from "./testing/suites.ts";

agentBoxSuite("A local place", () => openRunsPlace("none"));
