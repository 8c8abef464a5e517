import { expect, test } from "vitest";

import type { Box } from "../../ports.ts";
import {
  collect,
  newSpec,
  only,
  type RuntimeCapabilities,
  type RuntimeSubject,
  type RuntimeUnderTest,
} from "./under-test.ts";

/** What a place is shown of the worker's. */
export function showingTests<S extends RuntimeSubject>(
  current: () => RuntimeUnderTest<S>,
  { processes, objects }: RuntimeCapabilities<S>,
): void {
  test("says where the objects of a place's repository lie, also after it was started again", async () => {
    const { runtime, running } = current();
    expect(runtime.showsObjects).toBe(true);
    await using made = await running({ ...newSpec(), objects: objects.directory });
    const { id } = made.spec;
    await using box = await runtime.open(id);
    expect(box.objects).toMatch(/^\//);
    await runtime.stop(id);
    await runtime.start(made.spec);
    await using later = await runtime.open(id);
    expect(later.objects).toBe(box.objects);
  });

  test("shows a place nothing that it was not made with", async () => {
    const { runtime, running } = current();
    await using made = await running();
    await using box = await runtime.open(made.spec.id);
    expect(box.objects).toBeUndefined();
  });

  only(processes, () => {
    test("lets a place's programs read them, what comes later too", async () => {
      const { runtime, running } = current();
      await using made = await running({ ...newSpec(), objects: objects.directory });
      await using box = await runtime.open(made.spec.id);
      expect(await said(box, "cat", `${box.objects}/seen`)).toEqual({ code: 0, stdout: "objects" });
      await objects.add("later", "more");
      expect(await said(box, "cat", `${box.objects}/later`)).toEqual({ code: 0, stdout: "more" });
    });
  });

  only(processes && objects.kept, () => {
    test("lets nothing in a place change them", async () => {
      const { runtime, running } = current();
      await using made = await running({ ...newSpec(), objects: objects.directory });
      await using box = await runtime.open(made.spec.id);
      const file = `${box.objects}/seen`;
      for (const argv of [
        ["touch", `${box.objects}/new`],
        ["sh", "-c", 'echo x >"$1"', "sh", file],
        ["rm", "-f", file],
        ["chmod", "0777", file],
      ]) {
        expect({ argv, ended: (await said(box, ...(argv as [string]))).code }).not.toEqual({ argv, ended: 0 });
      }
      expect(await said(box, "cat", file)).toEqual({ code: 0, stdout: "objects" });
    });
  });
}

async function said(box: Box, ...argv: [string, ...string[]]): Promise<{ code: number; stdout: string }> {
  const process = await box.run(argv);
  const [stdout, { code }] = await Promise.all([collect(process.stdout), process.exit]);
  return { code, stdout };
}
