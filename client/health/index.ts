/** What tells whoever runs the machine how the node is: health, figures, space on the disk. */

export { type WatchedCertificate, watchCertificates } from "./certificate-watch.js";
export { watchDisk } from "./disk-watch.js";
export { type AccessFigure, Figures, type LogSizes } from "./figures.js";
export { watchLog } from "./log-watch.js";
export { OperationsServer } from "./operations-server.js";
