import { runsSuite } from "@ws/workspace-core/testing";
import { openRunsPlace } from "./testing/suites.ts";

runsSuite("A local place without a sandbox", () => openRunsPlace("none"));
runsSuite("A local place in bubblewrap", () => openRunsPlace("bubblewrap"));
