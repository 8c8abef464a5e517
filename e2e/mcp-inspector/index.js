import { fileURLToPath } from "node:url";

const manifest = import.meta.resolve("@modelcontextprotocol/inspector/package.json");
export const program = fileURLToPath(new URL("clients/launcher/build/index.js", manifest));
