import { ProtocolError } from "@wanlian/protocol/errors.js";
import { ChaincodeEndorsementInfo, ChaincodeValidationInfo, StateData } from "@wanlian/protocol/messages/lifecycle.js";
import { ApplicationPolicy } from "@wanlian/protocol/messages/policies.js";
import type { EndorsedAction } from "../ledger/index.js";

const LIFECYCLE = "_lifecycle";
const UNREADABLE = "what nobody can read";

/** The committed definition of the contracts, as far as it decides what counts. */
export interface DefinitionView {
  readonly sequence: number;
  readonly version: string;
  readonly initRequired: boolean;
  readonly validationPlugin: string;
  /** Path of the policy that it refers to; empty if it holds one of its own instead. */
  readonly policyReference: string;
  readonly hasCollections: boolean;
}

const NO_DEFINITION: DefinitionView = {
  sequence: 0,
  version: "",
  initRequired: false,
  validationPlugin: "",
  policyReference: "",
  hasCollections: false,
};

/**
 * The definition after a valid transaction, or undefined if it did not touch it. Lifecycle writes only the fields that
 * change (Fabric's core/chaincode/lifecycle/serializer.go), hence the definition before. Total: whoever may change the
 * definition may also write what is none; it is seen as {@link UNREADABLE}, which is what nobody's acts ask for.
 */
export function readDefinition(
  action: EndorsedAction,
  chaincode: string,
  before: DefinitionView | undefined,
): DefinitionView | undefined {
  const prefix = `namespaces/fields/${chaincode}/`;
  const writes = action.namespaces.get(LIFECYCLE)?.writes.filter(({ key }) => key.startsWith(prefix)) ?? [];
  if (writes.length === 0) return undefined;
  const changed = writes.map(({ key, value }) => readable(key.slice(prefix.length), value));
  return Object.assign({}, before ?? NO_DEFINITION, ...changed);
}

function readable(field: string, value: Uint8Array): Partial<DefinitionView> {
  try {
    return readField(field, StateData.decode(value));
  } catch (error) {
    if (error instanceof ProtocolError) return { validationPlugin: UNREADABLE, policyReference: UNREADABLE };
    throw error;
  }
}

function readField(field: string, data: StateData): Partial<DefinitionView> {
  const bytes = data.bytes ?? new Uint8Array();
  switch (field) {
    case "Sequence":
      return { sequence: Number(data.int64 ?? 0n) };
    case "EndorsementInfo": {
      const { version, initRequired } = ChaincodeEndorsementInfo.decode(bytes);
      return { version, initRequired };
    }
    case "ValidationInfo": {
      const { validationPlugin, validationParameter } = ChaincodeValidationInfo.decode(bytes);
      const { channelConfigPolicyReference } = ApplicationPolicy.decode(validationParameter);
      return { validationPlugin, policyReference: channelConfigPolicyReference ?? "" };
    }
    case "Collections":
      return { hasCollections: bytes.length > 0 };
    default:
      return {};
  }
}
