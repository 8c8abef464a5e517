import { expect, test } from "vitest";
import { createRuns } from "../../runs/create-runs.ts";
import type { BoxUnderTest } from "../box-suite/under-test.ts";
import { expectCode, expectRefusal, freshDirectory, noise, script } from "../box-suite/probing.ts";
import { clock, sha256 } from "../terminals-suite/driving.ts";
import { begin, beginShell, freshRun, readRunUntil, readText } from "./driving.ts";

/** What a program is given. */
export function givenTests(current: () => BoxUnderTest): void {
  test("A program has its arguments, directory and variables as they are, and of the holder only a mark", async () => {
    const { box } = current();
    const runs = createRuns(box, { clock });
    const odd = ["a b", "'", '"$HOME"', ";", "\\", "*", "-n", "", "%s", "é", "a\nb"];
    const id = freshRun();
    await begin(runs, id, ["printf", "<%s>", ...odd]);
    expect(await readText(runs, id)).toBe(odd.map((text) => `<${text}>`).join(""));
    const other = freshRun();
    const env = { GREETING: "it's\na 'day'", PERL5OPT: "-d", PERLLIB: "/nowhere" };
    const code =
      'pwd; printf "%s|" "$GREETING" "$PERL5OPT" "$PERLLIB" "$PWD"; env | grep -c ^WS_RUN=; umask; ulimit -c';
    await beginShell(runs, other, code, { cwd: "/usr", env });
    const plain = await script(box, "umask; ulimit -c");
    expect(await readText(runs, other)).toBe(`/usr\nit's\na 'day'|-d|/nowhere|/usr|1\n${plain}`);
  });

  test("It starts in the home, in a session of its own, without a terminal and with nothing else open", async () => {
    const { box } = current();
    const runs = createRuns(box, { clock });
    const id = freshRun();
    await beginShell(runs, id, "pwd; [ $$ = $(ps -o sid= -p $$) ]; echo $?; ls /proc/$$/fd; cat");
    expect(await readText(runs, id)).toBe(`${box.home}\n0\n0\n1\n2\n`);
  });

  test("What cannot be given is refused, and nothing begins", async () => {
    const runs = createRuns(current().box, { clock });
    const id = freshRun();
    await expectRefusal(begin(runs, id, ["true"], { cwd: "/no/such" }), "file_not_found");
    await expectRefusal(begin(runs, id, ["true"], { cwd: "/etc/passwd" }), "not_a_directory");
    await expectRefusal(begin(runs, id, ["/etc/passwd"]), "permission_denied");
    await expectRefusal(begin(runs, id, ["./no"]), "command_not_found");
    await expectRefusal(begin(runs, id, ["echo", "a\0b"]), "invalid_input");
    await expectRefusal(begin(runs, id, ["true"], { env: { "A-B": "c" } }), "invalid_input");
    await expectRefusal(begin(runs, id, ["true", "x".repeat(3_000_000)]), "invalid_input");
    await expectCode(runs.ended(id), "run_not_found");
  });

  test("A MiB of input arrives whole, and one that nobody reads holds nothing up", async () => {
    const runs = createRuns(current().box, { clock });
    const stdin = noise(1024 * 1024);
    const [reader, ignorer] = [freshRun(), freshRun()];
    await Promise.all([
      begin(runs, reader, ["sha256sum"], { stdin }),
      beginShell(runs, ignorer, "exec <&-; echo x", { stdin }),
    ]);
    expect(await readText(runs, reader)).toContain(await sha256(stdin));
    expect(await readText(runs, ignorer)).toBe("x\n");
    expect(await runs.ended(ignorer)).toEqual({ how: "exit", code: 0 });
  });

  test("Secrets that it is given are in no process's arguments and in no file", async () => {
    const { box } = current();
    const runs = createRuns(box, { clock });
    const id = freshRun();
    const [secret, typed] = [crypto.randomUUID(), crypto.randomUUID()];
    await beginShell(runs, id, "echo begun; read -r line; sleep 86400", {
      env: { SECRET: secret },
      stdin: new TextEncoder().encode(`${typed}\n${"x".repeat(200_000)}`),
    });
    await readRunUntil(runs, id, "begun");
    // The pattern comes from a file, because it would find itself among the arguments.
    const find = `for p in /proc/[0-9]*; do tr '\\0' ' ' 2>/dev/null <$p/cmdline | grep -qF -f "$1" && echo found $p; done
      grep -rlF -f "$1" "$2" 2>/dev/null; :`;
    const directory = await freshDirectory(box);
    for (const [name, value] of Object.entries({ secret, typed })) {
      await box.files.write(`${directory}/${name}`, new TextEncoder().encode(value));
      expect(await script(box, find, `${directory}/${name}`, `${box.home}/.local/state/ws`)).toBe("");
    }
    await runs.end(id);
  });

  test("Errors are kept beside the output, or in it in the order of arrival", async () => {
    const runs = createRuns(current().box, { clock });
    const [merged, apart] = [freshRun(), freshRun()];
    const code = "echo 1; echo 2 >&2; echo 3";
    await beginShell(runs, merged, code);
    await beginShell(runs, apart, code, { errors: "apart" });
    expect(await readText(runs, merged)).toBe("1\n2\n3\n");
    expect(await readText(runs, apart)).toBe("1\n3\n");
    expect(await readText(runs, apart, 0, "errors")).toBe("2\n");
  });
}
