import { terminalsSuite } from "@ws/workspace-core/testing";

import { openSshBox } from "./ssh-box.ts";
import { boxUnderTest, startBoxPlace } from "./testing/box-place.ts";

terminalsSuite("A container of the workspace image", true, () => boxUnderTest(startBoxPlace(), openSshBox));

terminalsSuite("A container of an image without tmux", false, async () => {
  const place = await startBoxPlace();
  await place.asRoot("rm /usr/bin/tmux");
  return boxUnderTest(Promise.resolve(place), openSshBox);
});
