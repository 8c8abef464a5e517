import { expect, test } from "vitest";
import { named } from "./confined/faults.ts";
import { fileError } from "./file-errors.ts";

const answered = (code: string): Error => Object.assign(new Error(`${code}: no`), { code });

test.each(["EFBIG", "EINVAL", "ENAMETOOLONG"])(
  "%s of a file system is no failure of ours, with rules for paths or without",
  async (code) => {
    expect(fileError(answered(code), "big.bin")).toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining("big.bin") as string,
    });
    await expect(named("big.bin", () => Promise.reject(answered(code)))).rejects.toMatchObject({
      code: "invalid_input",
    });
  },
);
