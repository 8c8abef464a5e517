import { forgeSuite } from "@ws/workspace-core/testing";
import { gitHubSubject } from "../testing/github/forge-subject.ts";

forgeSuite("GitHub with a person's token", () => gitHubSubject("person"));
forgeSuite("GitHub with an app's token", () => gitHubSubject("app"));
