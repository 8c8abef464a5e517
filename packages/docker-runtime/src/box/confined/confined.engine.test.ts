import type { Box } from "@ws/workspace-core";
import { describe, expect, test } from "vitest";

import { openExecBox } from "../../exec-box.ts";
import { openSshBox } from "../../ssh-box.ts";
import { startBoxPlace } from "../../testing/box-place.ts";
import { output } from "../../testing/output.ts";

/** How many file servers run in the place. */
const COUNT =
  'n=0; for p in /proc/[0-9]*; do read -r c <$p/comm && [ "$c" = ws-files ] && n=$((n+1)); done 2>/dev/null; echo $n';
const servers = async (box: Box): Promise<number> => Number(await output(box, ["sh", "-c", COUNT]));

describe.each([
  { name: "over sshd", open: openSshBox },
  { name: "over plain exec", open: openExecBox },
])("what holds files in a container, reached $name", ({ open }) => {
  test("ends with its Box, and takes half a file with it", async () => {
    await using place = await startBoxPlace();
    await using other = await openExecBox(place.options());
    const box = await open(place.options());
    const started = Promise.withResolvers<void>();
    const half = (async function* (): AsyncGenerator<Buffer> {
      yield Buffer.alloc(1_000_000);
      started.resolve();
      await new Promise(() => undefined);
    })();
    const writing = box.within(box.home).write("a/half", half, { parents: true });
    writing.catch(() => undefined);
    await started.promise;
    expect(await servers(other)).toBe(1);
    await box[Symbol.asyncDispose]();
    await expect(writing).rejects.toMatchObject({ code: "box_closed" });
    await expect.poll(() => servers(other), { timeout: 10_000 }).toBe(0);
    expect((await other.within(other.home).list("")).entries.map(({ name }) => name)).not.toContain("a");
  });

  test("holds no file open that its reader has left", async () => {
    await using place = await startBoxPlace();
    await using box = await open(place.options());
    const files = box.within(box.home);
    await files.write("large", Buffer.alloc(2_000_000));
    for (let round = 0; round < 20; round += 1) {
      await using opened = await files.read("large");
      for await (const _part of opened.content) break;
    }
    await files.stat("large");
    const code =
      'for p in /proc/[0-9]*; do read -r c <$p/comm && [ "$c" = ws-files ] && ls -l $p/fd; done 2>/dev/null | grep -c large';
    await expect.poll(() => output(box, ["sh", "-c", `${code} || :`])).toBe("0\n");
  });

  test("is the system's Perl, not one that its user has put before it", async () => {
    await using place = await startBoxPlace({ environment: ["PATH=/home/workspace/bin:/usr/local/bin:/usr/bin:/bin"] });
    await using box = await open(place.options());
    const fake = "mkdir -p bin && printf '#!/bin/sh\\ntouch ran\\n' >bin/perl && chmod +x bin/perl && command -v perl";
    expect(await output(box, ["sh", "-c", `cd && ${fake}`])).toBe("/home/workspace/bin/perl\n");
    expect((await box.within(box.home).list("")).entries.map(({ name }) => name)).not.toContain("ran");
    const watching = box.watch(box.home)[Symbol.asyncIterator]();
    expect((await watching.next()).value).toEqual({ resync: true });
    await watching.return?.(undefined);
    await place.asRoot(
      "mv /usr/bin/perl /usr/bin/moved; ln -s /usr/bin/moved /home/workspace/bin/own; rm /home/workspace/bin/perl",
    );
    await place.asRoot("mv /home/workspace/bin/own /home/workspace/bin/perl");
    expect((await box.within(box.home).list("")).entries.map(({ name }) => name)).toContain("bin");
  });

  test("is started again once it was killed, or its container was stopped and started", async () => {
    await using place = await startBoxPlace();
    {
      await using box = await open(place.options());
      const files = box.within(box.home);
      await files.write("file", Buffer.from("kept"));
      await output(box, ["sh", "-c", "pkill -9 -x ws-files || :"]);
      await expect.poll(() => servers(box)).toBe(0);
      await expect
        .poll(() =>
          files.stat("file").then(
            ({ size }) => size,
            () => 0,
          ),
        )
        .toBe(4);
    }
    await place.container.restart({ t: 0 });
    await using box = await open(place.options());
    expect(await box.within(box.home).stat("file")).toMatchObject({ size: 4 });
  });

  test("says what is missing where the image has no Perl, and is not deceived by another in its place", async () => {
    await using place = await startBoxPlace();
    await using box = await open(place.options());
    const files = box.within(box.home);
    await place.asRoot("mv /usr/bin/perl /usr/bin/real-perl");
    await expect(files.stat("")).rejects.toMatchObject({ code: "box_feature_missing", data: { feature: "confined" } });
    await place.asRoot("printf '#!/bin/sh\\necho done; cat\\n' >/usr/bin/perl; chmod +x /usr/bin/perl");
    await expect(files.stat("")).rejects.toMatchObject({ code: "internal" });
    await place.asRoot("printf '#!/bin/sh\\nexit 3\\n' >/usr/bin/perl");
    await expect(files.stat("")).rejects.toMatchObject({ code: "internal" });
    await place.asRoot("mv /usr/bin/real-perl /usr/bin/perl");
    expect(await files.stat("")).toMatchObject({ type: "directory" });
  });

  test("needs no more of Perl than its base", async () => {
    await using place = await startBoxPlace();
    await place.asRoot(`perl -MTime::HiRes -e 'unlink $INC{"Time/HiRes.pm"} or die'`);
    await using box = await open(place.options());
    const files = box.within(box.home);
    const { stat } = await files.write("file", Buffer.from("one"), { expect: "absent" });
    expect(await files.stat("file")).toEqual(stat);
    expect(Math.abs(Date.now() - stat.modifiedAt)).toBeLessThan(60_000);
    await files.write("file", Buffer.from("two"), { expect: stat.version });
    await expect(files.write("file", Buffer.from("three"), { expect: stat.version })).rejects.toMatchObject({
      code: "file_changed",
    });
  });

  test("is not changed by what the workspace sets for its own programs", async () => {
    await using place = await startBoxPlace({
      environment: ["PERL5OPT=-Mnone", "PERL5LIB=/tmp/evil", "PERL_UNICODE=SDA", "LC_ALL=C.UTF-8", "PERLIO=:crlf"],
    });
    await using box = await open(place.options());
    const files = box.within(box.home);
    await files.write("Grüße", Buffer.from("a\r\nb\n\u0000ü"));
    expect((await files.stat("Grüße")).size).toBe(8);
    await using opened = await files.read("Grüße");
    const parts: Uint8Array[] = [];
    for await (const part of opened.content) parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe("a\r\nb\n\u0000ü");
  });
});
