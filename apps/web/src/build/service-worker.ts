import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { transformWithOxc, type Plugin } from "vite";

const SOURCE = fileURLToPath(new URL("../../service-worker/service-worker.ts", import.meta.url));

/**
 * Writes `sw.js`, which keeps what the first page is made of: its entry with what that imports and its styles, and `more`,
 * files beside it or beginnings of assets' names.
 */
export function serviceWorker(more: readonly string[]): Plugin {
  return {
    name: "service-worker",
    apply: "build",
    generateBundle: {
      // When everything has its hashed name.
      order: "post",
      async handler(_options, bundle) {
        const files = new Set<string>();
        for (const output of Object.values(bundle)) {
          if (output.type !== "chunk" || !output.isEntry) continue;
          const styles = [...(output.viteMetadata?.importedCss ?? [])];
          for (const file of [output.fileName, ...output.imports, ...styles]) files.add(`/${file}`);
        }
        for (const name of more) {
          const file = name.startsWith("/") ? name : assetOf(Object.keys(bundle), name);
          if (file === undefined) return this.error(`${name} is no longer part of the page.`);
          files.add(file);
        }
        const { code } = await transformWithOxc(await readFile(SOURCE, "utf8"), SOURCE);
        const shell = `const SHELL = ${JSON.stringify([...files].sort())};\n`;
        this.emitFile({ type: "asset", fileName: "sw.js", source: shell + code });
      },
    },
  };
}

function assetOf(files: readonly string[], name: string): string | undefined {
  const file = files.find((path) => path.startsWith(`assets/${name}`) && path.endsWith(".woff2"));
  return file === undefined ? undefined : `/${file}`;
}
