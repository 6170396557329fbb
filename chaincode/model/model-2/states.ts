import type { ApplicationState } from "../model-1/application/application-schema.js";
import type { IncidentState } from "./incident/incident-schema.js";

/** What version 2 adds to the nouns of version 1, for what reads cases by their noun's name. */
declare module "../model-1/states.js" {
  interface States {
    incident: IncidentState;
  }
  interface Origins {
    application: Pick<ApplicationState, "dataset" | "provider" | "consumer">;
    incident: Pick<IncidentState, "author" | "concerned">;
  }
}
