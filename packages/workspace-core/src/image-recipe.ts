import type { ByteSource, Bytes } from "./bytes.ts";
import type { Limits } from "./workspace.ts";

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
  /** The one that was judged, which is built whatever the context has in its place; its path is relative to the context. */
  dockerfile: { path: string; content: Bytes };
  /** The images that it begins with. */
  bases: readonly string[];
  target?: string;
  args: Readonly<Record<string, string>>;
  /** Of the workspace that it is for; there is none on processes. */
  limits: Pick<Limits, "cpus" | "memoryBytes">;
  /** Whether what it runs may reach what a workspace of a person may; nothing otherwise. */
  network: boolean;
  /** The context as a tar. */
  context: () => ByteSource;
}
