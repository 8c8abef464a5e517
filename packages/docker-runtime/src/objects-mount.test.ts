import type { PlaceSpec } from "@ws/workspace-core";
import { expect, test } from "vitest";

import { objectsMount, shownObjects } from "./objects-mount.ts";

const place = (objects: string): PlaceSpec => ({ id: "ws-a", name: "a", profile: "person", limits: {}, objects });

test("only what lies below the worker's own directory of objects is shown", () => {
  const root = "/home/u/.config/workspace/objects";
  expect(shownObjects(place(`${root}/r-1/shared/ws-a`), root)).toBe(`${root}/r-1/shared/ws-a`);
  const others = ["/", "/etc", "/var/run/docker.sock", root, `${root}-secrets/x`, `${root}/../state.db`, "x", ""];
  expect(others.filter((other) => shownObjects(place(other), root) !== undefined)).toEqual([]);
  expect(shownObjects(place("/etc"), "/")).toBeUndefined();
  expect(shownObjects(place("/etc/x"), undefined)).toBeUndefined();
  expect(shownObjects(place("a/b"), "a")).toBeUndefined();
});

test("it can never be written from inside", () => {
  expect(objectsMount("/x/y")).toMatchObject({
    Type: "bind",
    ReadOnly: true,
    BindOptions: { Propagation: "rprivate" },
  });
});
