import { describe, expect, test } from "vitest";

import { createBuildOutput } from "./build-output.ts";

describe("the output of an image build", () => {
  test("becomes steps with a percentage, and the last line that a step printed", () => {
    const output = createBuildOutput();
    expect(output.push({ stream: "Step 1/4 : FROM base\n" })).toEqual({ message: "Step 1/4: FROM base", percent: 0 });
    expect(output.push({ stream: " ---> aaaaaaaaaaaa\n" })).toBeUndefined();
    expect(output.push({ stream: "Step 3/4 : RUN make" })).toBeUndefined();
    expect(output.push({ stream: "\n" })).toEqual({ message: "Step 3/4: RUN make", percent: 50 });
    expect(output.push({ stream: "compiling\t\u001b[1mx\nlinking x\n" })).toEqual({
      message: "Step 3/4: linking x",
      percent: 50,
    });
    expect(output.tail).toEqual(["compiling\t\u001b[1mx", "linking x"]);
  });

  test("names what this build made, and neither what it began from nor what it found in the cache", () => {
    const output = createBuildOutput();
    const said = [
      "Step 1/6 : ARG BASE=x",
      "Step 2/6 : FROM ${BASE} AS a",
      " ---> 111111111111",
      "Step 3/6 : RUN one",
      " ---> Using cache",
      " ---> 222222222222",
      "Step 4/6 : RUN two",
      " ---> Running in 999999999999",
      "Removing intermediate container 999999999999",
      " ---> 333333333333",
      "Step 5/6 : FROM a",
      " ---> 222222222222",
      "Step 6/6 : COPY --from=a x y",
      " ---> 444444444444",
      "Successfully built 444444444444",
    ];
    for (const line of said) output.push({ stream: `${line}\n` });
    expect(output.made).toEqual(["333333333333", "444444444444"]);
    expect(output.tail).toEqual([]);
  });

  test("keeps the engine's verdict and no more than the last lines", () => {
    const output = createBuildOutput();
    for (let line = 0; line < 100; line++) output.push({ stream: `line ${line}\n` });
    output.push({ error: "it returned a non-zero code: 2" });
    expect(output.error).toBe("it returned a non-zero code: 2");
    expect(output.tail).toHaveLength(25);
    expect(output.tail.at(-1)).toBe("line 99");
  });

  test("of a pull names layers without a percentage", () => {
    const output = createBuildOutput();
    const message = { status: "Downloading", id: "abc", progressDetail: { current: 1, total: 2 } };
    expect(output.push(message)).toEqual({ message: "abc: Downloading" });
  });
});
