import { terminalsSuite } from "@ws/workspace-core/testing";
import { openPlace } from "./testing/suites.ts";

terminalsSuite("A local place without a sandbox", true, () => openPlace("none"));
terminalsSuite("A local place in bubblewrap", true, () => openPlace("bubblewrap"));
