import { lifecycle } from "./testing/lifecycle.ts";

lifecycle("none");
lifecycle("bubblewrap");
