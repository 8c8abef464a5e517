import { expect, test } from "vitest";
import { pasteable } from "./pasted.ts";

test("A paste cannot end itself, nor press keys: of its control characters only tabs and ends of lines are left", () => {
  expect(pasteable("ls\u001b[201~\nrm -rf x\u0003\u0004\u0007\u009b201~\r\n\tend\u007f")).toBe(
    "ls[201~\nrm -rf x201~\r\n\tend",
  );
  expect(pasteable("Grüße, 漢字 👋\n")).toBe("Grüße, 漢字 👋\n");
});
