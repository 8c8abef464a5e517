import type { PlaceSpec } from "@ws/workspace-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { helperSpec } from "./container-firewall.ts";
import { containerSpec, DEFAULT_PROCESSES, imageUser } from "./container-spec.ts";

const places: fc.Arbitrary<PlaceSpec> = fc.record(
  {
    id: fc.string().map((text): `ws-${string}` => `ws-${text}`),
    name: fc.string(),
    profile: fc.constantFrom("person", "agent"),
    image: fc.string(),
    objects: fc.constantFrom("/", "/var/run", "/etc"),
    limits: fc.record(
      {
        cpus: fc.double({ min: 0.01, max: 512, noNaN: true }),
        memoryBytes: fc.integer({ min: 1 }),
        processes: fc.integer({ min: 1 }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["id", "name", "profile", "limits"] },
) as fc.Arbitrary<PlaceSpec>;
const requests = fc.record({
  instance: fc.string(),
  name: fc.string(),
  image: fc.string(),
  user: fc.string().map(imageUser),
  network: fc.string({ minLength: 1 }).map((name) => `workspace-${name}`),
  place: places,
});

/** A place by any other name, or from a program that does not keep to the types. */
const smuggled = {
  Privileged: true,
  Binds: ["/:/host", "/var/run/docker.sock:/var/run/docker.sock"],
  PidMode: "host",
  CapAdd: ["SYS_ADMIN"],
  Devices: [{ PathOnHost: "/dev/kmsg" }],
};

const person: PlaceSpec = { id: "ws-a", name: "a", profile: "person", limits: {} };
const base = { instance: "i", name: "workspace-a", image: "img", user: imageUser("workspace"), network: "workspace-n" };
const forPlace = (place: Partial<PlaceSpec>) => containerSpec({ ...base, place: { ...person, ...place } });

describe("the container of a workspace", () => {
  test("never is privileged, shares nothing of the host and publishes nothing, whatever is asked for (rows 14, 16, 17; CVE-2026-6406)", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const place = {
          ...request.place,
          ...smuggled,
          HostConfig: smuggled,
          limits: { ...request.place.limits, ...smuggled },
        };
        const { HostConfig: host, ...spec } = containerSpec({ ...request, ...smuggled, place });
        expect(host.Privileged).toBe(false);
        expect(Object.keys(host).filter((key) => !ALLOWED.has(key))).toEqual([]);
        expect(Object.keys(spec).filter((key) => !ALLOWED_OUTSIDE.has(key))).toEqual([]);
        // What a place asks for is nothing here: only what the runtime has checked is shown.
        expect(host.Mounts).toHaveLength(1);
        expect(host.Mounts[0].Type).toBe("volume");
        expect(host.Mounts[0].Source).toMatch(/^workspace-ws-[^]*-home$/);
        expect(Object.keys(host.Tmpfs)).toEqual(["/run/ws"]);
        expect(host.IpcMode).toBe("private");
        expect(host.NetworkMode === "none" || host.NetworkMode === request.network).toBe(true);
        expect(host.NetworkMode).not.toBe("host");
        expect(host.CapDrop).toContain(request.place.profile === "agent" ? "ALL" : "NET_RAW");
        expect(host.PidsLimit).toBeGreaterThan(0);
        expect(host.MemorySwap).toBe(host.Memory);
        expect(host.RestartPolicy).toEqual({ Name: "no" });
      }),
    );
  });

  test("shares with it the objects of its repository and nothing else, and not to be written", () => {
    const { Mounts: mounts } = containerSpec({ ...base, place: person, objects: "/o/shared/ws-a" }).HostConfig;
    expect(mounts.map(({ Type }) => Type)).toEqual(["volume", "bind"]);
    expect(mounts[1]).toEqual({
      Type: "bind",
      Source: "/o/shared/ws-a",
      Target: "/var/lib/workspace/repository",
      ReadOnly: true,
      BindOptions: { Propagation: "rprivate" },
    });
  });

  test("holds no variables, because anyone who may inspect it would read them", () => {
    expect(forPlace({})).not.toHaveProperty("Env");
  });

  test("of a person may gain privileges and has a network without raw sockets", () => {
    expect(forPlace({ profile: "person" }).HostConfig).toMatchObject({
      CapDrop: ["NET_RAW"],
      SecurityOpt: [],
      NetworkMode: "workspace-n",
    });
  });

  test("of an agent has no capability, gains none and has no network", () => {
    expect(forPlace({ profile: "agent" }).HostConfig).toMatchObject({
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
      NetworkMode: "none",
    });
  });

  test("is limited to what was asked for, and to a number of processes always", () => {
    expect(forPlace({}).HostConfig.PidsLimit).toBe(DEFAULT_PROCESSES);
    expect(forPlace({ limits: { cpus: 1.5, memoryBytes: 1024, processes: 10 } }).HostConfig).toMatchObject({
      NanoCpus: 1_500_000_000,
      Memory: 1024,
      MemorySwap: 1024,
      PidsLimit: 10,
    });
  });

  test("has its home where the image's user has it", () => {
    expect(imageUser("workspace").home).toBe("/home/workspace");
    expect(imageUser("1000:1000").home).toBe("/home/workspace");
    expect(imageUser("").home).toBe("/root");
    expect(imageUser("0:0").home).toBe("/root");
    expect(imageUser("node").home).toBe("/home/node");
    expect(imageUser("1234")).toEqual({ home: "/home/workspace", tmpfs: "uid=1234,mode=0700" });
  });
});

describe("the container that sets a firewall from inside", () => {
  test("shares a workspace's network only and can change nothing else", () => {
    const { HostConfig: host } = helperSpec({ instance: "i", container: "c", image: "img", argv: ["sh"] });
    expect(host).toMatchObject({
      Privileged: false,
      NetworkMode: "container:c",
      CapDrop: ["ALL"],
      CapAdd: ["NET_ADMIN", "NET_RAW"],
      SecurityOpt: ["no-new-privileges:true"],
    });
    for (const key of ["Binds", "Mounts", "PidMode", "Devices", "VolumesFrom"]) expect(host).not.toHaveProperty(key);
  });
});

const ALLOWED_OUTSIDE = new Set([
  "name",
  "Image",
  "Hostname",
  "Entrypoint",
  "Cmd",
  "StopSignal",
  "Healthcheck",
  "Labels",
]);
const ALLOWED = new Set([
  "Init",
  "Privileged",
  "RestartPolicy",
  "IpcMode",
  "NetworkMode",
  "CapDrop",
  "SecurityOpt",
  "PidsLimit",
  "NanoCpus",
  "Memory",
  "MemorySwap",
  "Mounts",
  "Tmpfs",
  "LogConfig",
]);
