import { boxSuite } from "@ws/workspace-core/testing";

import { openExecBox } from "./exec-box.ts";
import { boxUnderTest, startBoxPlace } from "./testing/box-place.ts";

boxSuite("the Box over plain exec", () => boxUnderTest(startBoxPlace(), openExecBox));
