/** Where things stand in a picture, in numbers: drawn on a page by a browser, and on paper by a node. */

export { type Arrow, type Box, inLanes, type Lanes, type Placed, WIDTH } from "./lanes.js";
