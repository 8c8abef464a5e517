// Run in a mount namespace of its own, on a directory that is a tmpfs: what becomes of a workspace's files on a full disk.
import { useFullDisk } from "@ws/workspace-core/testing";
import { createSubject, newId } from "./subject.ts";

await using subject = createSubject("none", process.argv[2] ?? "");
const spec = { id: newId(), name: "full", profile: "person", limits: {} } as const;
await subject.runtime.create(spec);
await subject.runtime.start(spec);
await using box = await subject.runtime.open(spec.id);
console.log(JSON.stringify(await useFullDisk(box, box.home)));
