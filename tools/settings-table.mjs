// Writes docs/settings.md from the table of settings, which a unit test compares it with.
// Run with the pinned Node, which runs TypeScript: pnpm exec node tools/settings-table.mjs
import { mkdirSync, writeFileSync } from "node:fs";
import { renderSettings } from "../apps/agent/src/config/settings-table.ts";

const docs = new URL("../docs/", import.meta.url);
mkdirSync(docs, { recursive: true });
writeFileSync(new URL("settings.md", docs), renderSettings());
