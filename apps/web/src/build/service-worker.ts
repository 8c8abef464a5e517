import { fileURLToPath } from "node:url";
import { build, type Plugin, type Rolldown } from "vite";

const SOURCE = fileURLToPath(new URL("../../service-worker/service-worker.ts", import.meta.url));

interface Shell {
  /** Modules that are chunks of their own: pages that an address opens without another before it. */
  pages: readonly string[];
  /** Files beside the page, or beginnings of assets' names. */
  more: readonly string[];
}

/** Writes `sw.js`, which keeps what a page is made of that is opened without a network: its entry and `pages`, with what they import and their styles, and `more`. */
export function serviceWorker({ pages, more }: Shell): Plugin {
  return {
    name: "service-worker",
    apply: "build",
    generateBundle: {
      // When everything has its hashed name.
      order: "post",
      async handler(_options, bundle) {
        const files = new Set<string>();
        const keep = (name: string): void => {
          const output = bundle[name];
          if (output?.type !== "chunk" || files.has(`/${name}`)) return;
          files.add(`/${name}`);
          for (const style of output.viteMetadata?.importedCss ?? []) files.add(`/${style}`);
          output.imports.forEach(keep);
        };
        const chunks = Object.values(bundle).filter((output) => output.type === "chunk");
        for (const { fileName, isEntry } of chunks) if (isEntry) keep(fileName);
        for (const page of pages) {
          const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(page));
          if (chunk === undefined) return this.error(`${page} is no longer a chunk of its own.`);
          keep(chunk.fileName);
        }
        for (const name of more) {
          const file = name.startsWith("/") ? name : assetOf(Object.keys(bundle), name);
          if (file === undefined) return this.error(`${name} is no longer part of the page.`);
          files.add(file);
        }
        const shell = `const SHELL = ${JSON.stringify([...files].sort())};\n`;
        this.emitFile({ type: "asset", fileName: "sw.js", source: shell + (await inOnePiece()) });
      },
    },
  };
}

/** As a classic script: not every browser has service workers that are modules. */
async function inOnePiece(): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: "silent",
    publicDir: false,
    build: { write: false, rolldownOptions: { input: SOURCE, output: { format: "iife" } } },
  });
  const [built] = [output].flat() as Rolldown.RolldownOutput[];
  const chunk = built?.output[0];
  if (chunk?.type !== "chunk") throw new Error("The service worker was not built.");
  return chunk.code;
}

function assetOf(files: readonly string[], name: string): string | undefined {
  const file = files.find((path) => path.startsWith(`assets/${name}`) && path.endsWith(".woff2"));
  return file === undefined ? undefined : `/${file}`;
}
