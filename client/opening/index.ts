export { stateCouncilCalendar, stateCouncilYear } from "./calendar.js";
export { type Opening, openingPolicy } from "./opening-policy.js";
