import type { Plugin } from "vite";

/**
 * Lets the page ask for these fonts at once, beside its script, so that its first paint has them already and nothing shifts.
 * `names` are beginnings of files' names, without their hash.
 */
export function preloadFonts(names: readonly string[]): Plugin {
  return {
    name: "preload-fonts",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        return names.map((name) => {
          const file = Object.keys(bundle).find((path) => path.startsWith(`assets/${name}`) && path.endsWith(".woff2"));
          if (file === undefined) throw new Error(`${name} is no longer a font of the page.`);
          return {
            tag: "link",
            // Fonts are fetched without credentials, wherever they come from; a preload has to be alike.
            attrs: { rel: "preload", as: "font", type: "font/woff2", crossorigin: "anonymous", href: `/${file}` },
            injectTo: "head" as const,
          };
        });
      },
    },
  };
}
