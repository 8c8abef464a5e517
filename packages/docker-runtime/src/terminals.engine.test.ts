import { terminalsSuite } from "@ws/workspace-core/testing";

import { openSshBox } from "./ssh-box.ts";
import { boxUnderTest, startBoxPlace } from "./testing/box-place.ts";

terminalsSuite("A container of the workspace image", true, () => boxUnderTest(startBoxPlace(), openSshBox));
