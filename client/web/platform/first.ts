import { carryNonce } from "./styles.ts";
import { refuseMarkup } from "./trusted-types.ts";

/** Before any other module of the page: those write styles as soon as they are there. */
refuseMarkup();
carryNonce();
