import type { Argv, Box, RunOptions } from "@ws/workspace-core";

/** Runs to the end; what it printed on stdout. Throws where it fails. */
export async function output(box: Box, argv: Argv, options?: RunOptions): Promise<string> {
  const started = await box.run(argv, options);
  const chunks: Uint8Array[] = [];
  for await (const chunk of started.stdout) chunks.push(chunk);
  const { code } = await started.exit;
  const text = Buffer.concat(chunks).toString();
  if (code !== 0) throw new Error(`'${argv.join(" ")}' exited with ${code}: ${text}`);
  return text;
}

/** The first line that a program prints. */
export async function firstLine(source: AsyncIterable<Uint8Array>): Promise<string> {
  const iterator = source[Symbol.asyncIterator]();
  let seen = "";
  while (!seen.includes("\n")) {
    const next = await iterator.next();
    if (next.done === true) throw new Error(`ended early: ${seen}`);
    seen += Buffer.from(next.value).toString();
  }
  return seen.slice(0, seen.indexOf("\n"));
}
