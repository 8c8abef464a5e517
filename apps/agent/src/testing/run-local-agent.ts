import { startAgent } from "../agent.ts";
import { configDirectory } from "../paths.ts";

// A real agent process with everything real, for tests that kill it.
const agent = await startAgent({
  configDirectory: configDirectory(process.env),
  env: process.env,
  write: (text) => process.stdout.write(text),
});
console.log(`healthy ${agent.url} ${agent.socket}`);
