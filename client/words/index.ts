/** The product's words, once: what pages, command lines and documents call things, in Chinese and English. */

export { REASONS, RECORD_KINDS, RESULTS, ROADS, WAYS } from "./access.js";
export { COMMANDS, type CommandNames } from "./commands.js";
export { DEADLINES } from "./deadlines.js";
export { MEMBERS } from "./members.js";
export { NOUNS, STATES } from "./nouns.js";
export { PAGE, type PageWord } from "./page.js";
export { RELATIONS, ROLES } from "./people.js";
export { chinaDay, countText, dayText, denseTimeText, ratioText, timeText } from "./times.js";
export { valueWord } from "./values.js";
export { type Dictionary, wordsIn } from "./words.js";
