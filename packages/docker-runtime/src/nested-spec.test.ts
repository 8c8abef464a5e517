import type { PlaceSpec } from "@ws/workspace-core";
import fc from "fast-check";
import { expect, test } from "vitest";

import { type ContainerSpec, containerSpec, imageUser } from "./container-spec.ts";
import { nestedSpec } from "./nested-spec.ts";

const text = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const asked = fc.record({
  id: text.map((part) => `ws-${part}` as const),
  name: text,
  profile: fc.constantFrom("person" as const, "agent" as const),
  limits: fc.record(
    { cpus: fc.integer({ min: 1, max: 8 }), memoryBytes: fc.integer({ min: 33_554_432 }) },
    { requiredKeys: [] },
  ),
});
const specOf = (place: PlaceSpec): ContainerSpec =>
  containerSpec({
    instance: "i",
    name: `workspace-${place.name}`,
    image: "x",
    user: imageUser("workspace"),
    network: "n",
    place,
  });

test("a place that runs no Docker is described byte for byte as if there were no such places", () => {
  fc.assert(
    fc.property(asked, (place) => {
      const before = JSON.stringify(specOf(place));
      nestedSpec(specOf(place), { instance: "i", id: place.id });
      expect(JSON.stringify(specOf(place))).toBe(before);
      expect(before).not.toMatch(/CapAdd|unconfined|DeviceCgroupRules|MaskedPaths|var.lib.docker/);
    }),
  );
});

test("one that does has exactly what an engine needs beside all that others have", () => {
  fc.assert(
    fc.property(asked, (place) => {
      const plain = specOf({ ...place, profile: "person" });
      const { HostConfig: host, ...rest } = nestedSpec(plain, { instance: "i", id: place.id });
      const { HostConfig: before, ...same } = plain;
      expect(rest).toEqual(same);
      const { CapAdd, CapDrop, SecurityOpt, MaskedPaths, ReadonlyPaths, DeviceCgroupRules, Mounts, ...kept } = host;
      const { CapDrop: _drop, SecurityOpt: _options, Mounts: mounts, ...others } = before;
      expect(kept).toEqual(others);
      expect({ CapAdd, CapDrop, SecurityOpt, MaskedPaths, ReadonlyPaths, DeviceCgroupRules }).toEqual({
        CapAdd: ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "NET_RAW"],
        CapDrop: [],
        SecurityOpt: ["seccomp=unconfined"],
        MaskedPaths: [],
        ReadonlyPaths: [],
        DeviceCgroupRules: ["a *:* rwm"],
      });
      expect(Mounts.slice(0, -1)).toEqual(mounts);
      expect(Mounts.at(-1)).toMatchObject({
        Type: "volume",
        Source: `workspace-${place.id}-docker`,
        Target: "/var/lib/docker",
      });
      expect(kept.Privileged).toBe(false);
    }),
  );
});
