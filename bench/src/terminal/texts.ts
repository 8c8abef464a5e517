/** What is printed through terminals, and the script that makes it wherever the terminal's shell is. */
export interface PrintedText {
  name: string;
  /** POSIX sh; writes the text to its standard output. */
  script: string;
}

export const TEXTS = {
  base64: { name: "base64", script: "head -c 12000000 /dev/urandom | base64" },
  colour: {
    name: "colour",
    // As a compiler or a test runner prints: short words, each with a colour of its own.
    script: String.raw`awk 'BEGIN { for (i = 0; i < 160000; i++) {
      printf "\033[38;5;%dm%07d\033[0m \033[1;3%dmPASS\033[0m packages/core/src/file-%d.ts \033[2m(%d ms)\033[0m\n", i % 256, i, i % 8, i % 997, i % 89
    } }'`,
  },
} satisfies Record<string, PrintedText>;
