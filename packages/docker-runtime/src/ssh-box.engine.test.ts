import { boxSuite } from "@ws/workspace-core/testing";

import { openSshBox } from "./ssh-box.ts";
import { boxUnderTest, startBoxPlace } from "./testing/box-place.ts";

const LOCKED_DOWN = { CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges:true"], NetworkMode: "none" };

boxSuite("the Box over sshd", () => boxUnderTest(startBoxPlace(), openSshBox));
boxSuite("the Box over sshd without capabilities, network and new privileges", () =>
  boxUnderTest(startBoxPlace({ host: LOCKED_DOWN }), openSshBox),
);
