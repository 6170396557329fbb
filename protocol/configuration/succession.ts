import { ProtocolError } from "../errors.js";
import type { Config } from "../messages/configuration.js";
import { Bundle } from "./bundle.js";

const refused = (message: string): ProtocolError =>
  new ProtocolError("UPDATE_REFUSED", `configuration update refused: ${message}`);

/**
 * The bundle of a configuration that is to follow another: no organization's MSP id may change (Fabric's ValidateNew; the consensus type
 * may, since capability V1_4_2).
 * @throws ProtocolError
 */
export function assertSuccession(current: Bundle, config: Config): Bundle {
  const next = new Bundle(current.channelId, config, current);
  const pairs = [
    [current.applications, next.applications],
    [current.orderer.organizations, next.orderer.organizations],
  ] as const;
  for (const [before, after] of pairs) {
    for (const { name, mspId } of before) {
      const successor = after.find((organization) => organization.name === name);
      if (successor !== undefined && successor.mspId !== mspId) {
        throw refused(`organization ${name} would change its MSP id from ${mspId} to ${successor.mspId}`);
      }
    }
  }
  return next;
}
