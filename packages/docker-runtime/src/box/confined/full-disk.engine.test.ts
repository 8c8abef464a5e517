import { ON_A_FULL_DISK, useFullDisk } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";

import { openExecBox } from "../../exec-box.ts";
import { openSshBox } from "../../ssh-box.ts";
import { startBoxPlace } from "../../testing/box-place.ts";

describe.each([
  { name: "over sshd", open: openSshBox },
  { name: "over plain exec", open: openExecBox },
])("on a full disk of a container, reached $name", ({ open }) => {
  test("files say that it is, keep what they hold and leave nothing half-made", async () => {
    await using place = await startBoxPlace({ host: { Tmpfs: { "/small": "size=1m,mode=1777" } } });
    await using box = await open(place.options());
    expect(await useFullDisk(box, "/small")).toEqual(ON_A_FULL_DISK);
  });
});
