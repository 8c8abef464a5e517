import type { ByteSource } from "./bytes.ts";

/** An image that a repository describes. */
export interface ImageRecipe {
  /** What it begins with: an image of this name, a Dockerfile, or the runtime's own image. */
  from: { image: string } | DockerfileSource | undefined;
  /** Whose processes all are; the image's own user where absent. */
  user?: string;
}

export interface DockerfileSource {
  /** Stands for all that the build is given of the repository: equal ones are built once. */
  tree: string;
  /** Relative to the context. */
  dockerfile: string;
  /** The images that it begins with. */
  bases: readonly string[];
  target?: string;
  args: Readonly<Record<string, string>>;
  /** Whether what it runs may reach what a workspace of a person may; nothing otherwise. */
  network: boolean;
  /** The context as a tar. */
  context: () => ByteSource;
}
