import type { Engine } from "./engine.ts";

/** Whether the engine has an image of this name. */
export async function imageExists(engine: Engine, image: string, signal?: AbortSignal): Promise<boolean> {
  const found = await engine.attempt([404], (docker) => docker.getImage(image).inspect(), signal);
  return found.refused === undefined;
}
