export { createDockerRuntime, type DockerRuntime, type DockerRuntimeOptions } from "./docker-runtime.ts";
export { engineAddress, type EngineAddress } from "./engine-address.ts";
export { dockerVolume, homeVolume } from "./labels.ts";
